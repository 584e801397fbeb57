import { Button, Skeleton, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { invalidate, read } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { Screen } from "../../shell/Screen";
import { useQueryAction } from "../../shell/useQueryAction";
import { countText, EmptyState, ErrorState, ScreenHeader, SearchBar, Waiting } from "../../ui";
import { EmptyProcesses } from "./EmptyProcesses";
import { ImportDialog } from "./ImportDialog";
import { NameDialog, type Naming } from "./NameDialog";
import { PlaceDetail } from "./PlaceDetail";
import { PlaceTree } from "./PlaceTree";
import styles from "./ProcessScreen.module.css";
import { TransferMenu } from "./TransferMenu";
import { linesOf } from "./tree";
import { useDeletePlace } from "./useDeletePlace";

const nothingOpen: ReadonlySet<string> = new Set();

/** The tree on the left, the chosen place on the right (UI.md, Processes on screen). */
export function ProcessScreen({ placeId }: { placeId: string }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [search, setSearch] = useState("");
  const [naming, setNaming] = useState<Naming | null>(null);
  const [importing, setImporting] = useState(false);
  const mayCreate = useCan(process.CreatePlace);
  const mayDelete = useCan(process.DeletePlace);
  useQueryAction("create", () => mayCreate && setNaming({ kind: "place", parent: null }));
  const tree = useQuery(read(process.Tree, undefined, { watches: ["setup"] }));
  const reload = () => void invalidate(client, "process");

  const deleting = useDeletePlace(tree.data, (gone) => {
    if (gone.some((place) => place.id === placeId)) {
      const parent = gone[0]?.parent_id;
      navigate(parent ? `/processes/${parent}` : "/processes", { replace: true });
    }
  });

  const data = tree.data;
  const found = useMemo(
    () => (data && search.trim() ? linesOf(data, nothingOpen, search).length : null),
    [data, search],
  );
  const selected = data?.places.find((place) => place.id === placeId);
  const isEmpty = data?.places.length === 0;
  const total = data?.places.length ?? 0;
  const roots = data?.places.filter((place) => place.level === 1).length ?? 0;
  const count =
    data && (found === null ? countText(roots, false, "process", "processes") : `${found} of ${total} shown`);

  return (
    <Screen>
      <ScreenHeader title="Processes" subtitle="What your office does, step by step: setups are made for these stages">
        {!isEmpty && <TransferMenu onImport={() => setImporting(true)} />}
        {mayCreate && !isEmpty && (
          <Button onClick={() => setNaming({ kind: "place", parent: null })}>Create process</Button>
        )}
      </ScreenHeader>
      {tree.isPending && <Waiting what="Reading the processes" skeleton={<TreeSkeleton />} />}
      {tree.error && !data && <ErrorState trouble={tree.error} onRetry={() => void tree.refetch()} />}
      {isEmpty && (
        <EmptyProcesses
          onCreate={() => setNaming({ kind: "place", parent: null })}
          onImport={() => setImporting(true)}
        />
      )}
      {data && !isEmpty && (
        <>
          <SearchBar value={search} onChange={setSearch} placeholder="Search process, stage, code" count={count} />
          {deleting.fault && (
            <FaultNote
              fault={deleting.fault}
              onClose={deleting.clear}
              onReload={() => {
                deleting.clear();
                reload();
              }}
            />
          )}
          <div className={styles.panes}>
            <div className={styles.tree}>
              {found === 0 ? (
                <EmptyState title={`Nothing here is called “${search.trim()}”.`} text="Search for a part of the name.">
                  <Button variant="default" onClick={() => setSearch("")}>
                    Clear search
                  </Button>
                </EmptyState>
              ) : (
                <PlaceTree
                  tree={data}
                  search={search}
                  selected={placeId}
                  onSelect={(place) => navigate(`/processes/${place.id}`)}
                  onDelete={mayDelete ? deleting.ask : undefined}
                />
              )}
            </div>
            <div className={styles.detail}>
              {selected ? (
                <PlaceDetail
                  key={selected.id}
                  tree={data}
                  place={selected}
                  onName={setNaming}
                  onDelete={() => void deleting.ask(selected)}
                />
              ) : placeId ? (
                <EmptyState title="This process is no longer there." text="Choose another one at the left." />
              ) : (
                <EmptyState title="Choose a process at the left." text="Its stages and their fields are shown here." />
              )}
            </div>
          </div>
        </>
      )}
      {naming && (
        <NameDialog
          naming={naming}
          onClose={() => setNaming(null)}
          onMade={(made) => {
            if (naming.kind === "place") navigate(`/processes/${made}`);
          }}
        />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Screen>
  );
}

function TreeSkeleton() {
  return (
    <Stack gap="md" aria-hidden>
      {[60, 40, 45, 70, 35, 55].map((width) => (
        <Skeleton key={width} height="0.75rem" width={`${width / 2}%`} />
      ))}
    </Stack>
  );
}
