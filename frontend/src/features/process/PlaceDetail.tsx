import { Anchor, Button, Menu } from "@mantine/core";
import { IconDots, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { Link } from "wouter";
import { process, setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import type { Fault } from "../../bridge/fault";
import { invalidate, read, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { CopyButton, EmptyState, ErrorState, useUnsaved, Waiting } from "../../ui";
import type { Naming } from "./NameDialog";
import { NameInPlace } from "./NameInPlace";
import styles from "./PlaceDetail.module.css";
import { StageCard } from "./StageCard";
import { pathTo } from "./tree";
import { counted, levelWord, type Place, type Tree } from "./words";

interface PlaceDetailProps {
  tree: Tree;
  place: Place;
  onName: (naming: Naming) => void;
  onDelete: () => void;
}

/** One place: its name and code, its stages in order, and the fields of each stage. */
export function PlaceDetail({ tree, place, onName, onDelete }: PlaceDetailProps) {
  const client = useQueryClient();
  const reload = () => void invalidate(client, "process");
  const mayAddPlace = useCan(process.CreatePlace);
  const mayAddStage = useCan(process.CreateStage);
  const mayRename = useCan(process.RenamePlace);
  const mayDelete = useCan(process.DeletePlace);
  const maySeeSetups = useCan(setup.List);
  const stages = useQuery(read(process.Stages, { place_id: place.id }));
  const rename = useMutation(write(process.RenamePlace));
  const move = useMutation(write(process.MoveStage));
  const [fault, setFault] = useState<Fault | null>(null);
  const [dirty, setDirty] = useState<ReadonlySet<string>>(new Set());
  useUnsaved(dirty.size > 0, place.name);

  const above = pathTo(tree, place.id).slice(0, -1);
  const onDirty = (id: string, is: boolean) =>
    setDirty((before) => {
      if (before.has(id) === is) return before;
      const after = new Set(before);
      if (is) after.add(id);
      else after.delete(id);
      return after;
    });
  const moveStage = (id: string, direction: "up" | "down") => {
    if (!move.isPending) move.mutate({ id, direction }, { onError: setFault, onSuccess: () => setFault(null) });
  };
  const setups = `${counted(place.setups, "setup")} here${place.level < 3 ? " and below" : ""}`;
  const list = stages.data ?? [];

  return (
    <div className={styles.place}>
      <header className={styles.head}>
        <div className={styles.words}>
          <p className={styles.path}>
            {above.map((each) => (
              <Fragment key={each.id}>
                <Anchor component={Link} href={`/processes/${each.id}`} inherit dir="auto">
                  {each.name}
                </Anchor>{" "}
                /{" "}
              </Fragment>
            ))}
            {levelWord(place.level)}
          </p>
          <NameInPlace
            name={place.name}
            label={`Rename ${place.name}`}
            readOnly={!mayRename}
            onReload={reload}
            onRename={(name) => rename.mutateAsync({ id: place.id, name, version: place.version })}
          >
            <h2 className={styles.name} dir="auto">
              {place.name}
            </h2>
          </NameInPlace>
          <p className={styles.facts}>
            Code <span className="mono">{place.code}</span>
            <CopyButton text={place.code} label="Copy code" />
            {maySeeSetups && place.setups > 0 ? (
              <Anchor component={Link} href={`/setups?search=${encodeURIComponent(place.name)}`} inherit>
                {setups}
              </Anchor>
            ) : (
              setups
            )}
          </p>
        </div>
        <div className={styles.actions}>
          {mayAddPlace && place.level < 3 && (
            <Button variant="default" onClick={() => onName({ kind: "place", parent: place })}>
              Add {levelWord(place.level + 1)}
            </Button>
          )}
          {mayDelete && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" px="xs" aria-label={`More for ${place.name}`}>
                  <IconDots size={16} />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconTrash size={16} />} onClick={onDelete}>
                  Delete {levelWord(place.level)}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      </header>

      {fault && (
        <FaultNote
          fault={fault}
          onClose={() => setFault(null)}
          onReload={() => {
            setFault(null);
            reload();
          }}
        />
      )}

      <section aria-labelledby="stages-title" className={styles.stages}>
        <div className={styles.sectionHead}>
          <h3 id="stages-title">Stages</h3>
          {mayAddStage && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() => onName({ kind: "stage", place })}
            >
              Add stage
            </Button>
          )}
        </div>
        {stages.isPending && <Waiting what="Reading the stages" />}
        {stages.error && !stages.data && <ErrorState trouble={stages.error} onRetry={() => void stages.refetch()} />}
        {stages.data && list.length === 0 && (
          <EmptyState
            title="No stages here."
            text={
              place.level < 3
                ? `A stage is a step such as Shipped. Stages can also be in a ${levelWord(place.level + 1)} below.`
                : "A stage is a step such as Shipped. Setups say which message goes out at it."
            }
          />
        )}
        {list.length > 0 && (
          <ol className={styles.list}>
            {list.map((stage, index) => (
              <StageCard
                key={stage.id}
                stage={stage}
                first={index === 0}
                last={index === list.length - 1}
                onMove={(direction) => moveStage(stage.id, direction)}
                onFault={setFault}
                onDirty={onDirty}
                onReload={reload}
              />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
