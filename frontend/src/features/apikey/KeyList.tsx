import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { apikey } from "../../bridge/api";
import { pages } from "../../bridge/query";
import { reportPainted } from "../../bridge/runtime";
import { FaultNote } from "../../shell/FaultNote";
import { Screen } from "../../shell/Screen";
import { useQueryAction } from "../../shell/useQueryAction";
import { countText, DataTable, ScreenHeader, SearchBar } from "../../ui";
import { useNarrow } from "../../ui/textSize";
import styles from "./ApiKey.module.css";
import { columnsFor } from "./columns";
import { type Doing, KeyDialogs } from "./KeyDialogs";
import { KeyFilters } from "./KeyFilters";
import { KeyMenu } from "./KeyMenu";
import { keyRows } from "./keyRows";
import { daysOf, inputOf, noFilter, useListState } from "./listState";
import type { MenuPath } from "./menuPath";
import { NoKeys } from "./NoKeys";
import { rowActions } from "./rowActions";
import { useKeyActions, useKeyRights } from "./useKeyActions";
import { WhatIsAKey } from "./WhatIsAKey";
import { usageEveryMs } from "./words";

interface KeyListProps {
  menu: MenuPath;
  /** The key whose details are shown beside the list. */
  openId: string;
}

/** The keys of this office, with the labels of the menu path by which one came (X3). */
export function KeyList({ menu, openId }: KeyListProps) {
  const { state, change, open, close } = useListState(menu.base);
  const may = useKeyRights();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [explained, setExplained] = useState<boolean | null>(null);
  const actions = useKeyActions();
  useQueryAction("create", () => may.create && setDoing({ what: "create" }));
  useQueryAction("check", () => setDoing({ what: "check" }));
  useQueryAction("leaks", () => setDoing({ what: "leaks" }));

  const narrow = useNarrow(1440);
  const list = useInfiniteQuery({
    ...pages(apikey.List, inputOf(state)),
    // Other systems use keys meanwhile. A person who has scrolled on reads instead of watching.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : usageEveryMs),
  });
  const rows = useMemo(() => keyRows(list.data), [list.data]);
  const first = list.data?.pages[0];
  const reviewDays = state.review ? daysOf(state) : 0;
  const columns = useMemo(
    () => columnsFor({ term: state.search, reviewDays, nowMs: Date.now(), narrow }),
    [state.search, reviewDays, narrow],
  );
  const { icons, more } = rowActions({ may, actions, review: state.review, onDo: setDoing });

  const shown = list.data !== undefined;
  useEffect(() => {
    // The rows are visible one frame after the one that draws them.
    if (shown) requestAnimationFrame(() => requestAnimationFrame(() => reportPainted("keys-list")));
  }, [shown]);
  const filtered = Boolean(state.search || state.status || state.creator || state.unused || state.expiring);
  const limited = state.search === "" && state.review ? "review" : filtered ? "filter" : "";
  const nothing = first?.count === 0 && limited === "" && !list.error;
  // Where there is no key yet it explains what keys are for, until somebody closes it.
  const helps = explained ?? nothing;
  const onCreate = may.create ? () => setDoing({ what: "create" }) : undefined;
  return (
    <Screen>
      <ScreenHeader
        title={menu.title}
        subtitle={
          state.review
            ? `Keys that never expire, have full access, or were not used for ${reviewDays} days`
            : "Keys you give to other systems, so that they can send through Keydesk"
        }
      >
        <KeyMenu
          may={may}
          explained={helps}
          onDo={setDoing}
          onReview={() => change({ ...noFilter, review: true })}
          onExplain={() => setExplained(true)}
        />
        {onCreate && <Button onClick={onCreate}>{menu.create}</Button>}
      </ScreenHeader>
      <SearchBar
        value={state.search}
        onChange={(search) => change({ search })}
        placeholder="Search title"
        count={first ? countText(first.count, first.capped, "key", "keys") : ""}
      >
        <KeyFilters state={state} onChange={change} />
      </SearchBar>
      {actions.fault && (
        <FaultNote
          fault={actions.fault}
          onClose={actions.clear}
          onReload={() => {
            actions.clear();
            void list.refetch();
          }}
        />
      )}
      <div className={styles.beside}>
        <div className={styles.list}>
          {nothing ? (
            <NoKeys menu={menu} limited="" onCreate={onCreate} onClear={() => change(noFilter)} />
          ) : (
            <DataTable
              label="API keys"
              columns={columns}
              rows={rows}
              rowId={(row) => row.id}
              sort={{ by: state.sort || "created", descending: state.sort ? state.descending : true }}
              onSort={(sort) => change({ sort: sort.by, descending: sort.descending })}
              onOpen={(row) => open(row.id)}
              actions={icons}
              more={more}
              hasMore={list.hasNextPage}
              onMore={() => list.fetchNextPage()}
              loading={list.isFetching}
              trouble={list.error}
              onRetry={() => list.refetch()}
              muted={(row) => row.status === "revoked" || row.status === "disabled"}
              empty={<NoKeys menu={menu} limited={limited} onCreate={onCreate} onClear={() => change(noFilter)} />}
            />
          )}
        </div>
        {helps && <WhatIsAKey onClose={() => setExplained(false)} />}
      </div>
      <KeyDialogs menu={menu} doing={doing} openId={openId} onDo={setDoing} onOpen={open} onCloseKey={close} />
    </Screen>
  );
}
