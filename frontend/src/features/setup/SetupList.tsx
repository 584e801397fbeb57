import { Button, Menu, Select, Switch } from "@mantine/core";
import { IconArrowBackUp, IconCopy, IconDots, IconPencil, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { call, setup, transfer } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { pages, rowsOf } from "../../bridge/query";
import { reportPainted } from "../../bridge/runtime";
import { channelLabels } from "../../shell/channels";
import { Screen } from "../../shell/Screen";
import { useQueryAction } from "../../shell/useQueryAction";
import { countText, DataTable, EmptyState, type RowAction, ScreenHeader, SearchBar } from "../../ui";
import { useNarrow } from "../../ui/textSize";
import { columnsFor, type Row } from "./columns";
import { inputOf, rememberList, useListState } from "./listState";
import { MoreButton } from "./MoreButton";
import { PlaceChip } from "./PlaceChip";
import { TestAll } from "./TestAll";
import { TestDrawer } from "./TestDrawer";
import { TransferDialog } from "./TransferDialog";
import { TransferItems } from "./TransferItems";
import { useDelete } from "./useDelete";
import { useRestore } from "./useRestore";
import { authLabels, choices, verdictLabels } from "./words";

/** API Key Setup, the list (A01, A50 to A54). */
export function SetupList() {
  const [state, change] = useListState();
  const [, navigate] = useLocation();
  const may = useRights();
  const [tested, setTested] = useState("");
  const [testingAll, setTestingAll] = useState(false);
  const [importing, setImporting] = useState(false);
  useQueryAction("test-all", () => may.testAll && setTestingAll(true));
  useQueryAction("test", (id) => may.test && setTested(id));
  useQueryAction("import", () => may.import && setImporting(true));
  const remove = useDelete();
  const restore = useRestore();

  // With the sidebar, every column has room for its longest words from 1440 px on.
  const narrow = useNarrow(1440);
  const input = inputOf(state);
  const list = useInfiniteQuery(pages(setup.List, input, { watches: ["process", "call", "provider"] }));
  const rows = useMemo(() => rowsOf(list.data), [list.data]);
  const first = list.data?.pages[0];
  const columns = useMemo(
    () =>
      columnsFor({
        term: state.search,
        nowMs: Date.now(),
        someMarked: rows.some((row) => row.tls_off || row.unreadable),
        someOff: rows.some((row) => !row.enabled),
        someSimulated: rows.some((row) => row.last_simulated),
        narrow,
      }),
    [state.search, rows, narrow],
  );

  const actions: RowAction<Row>[] = state.deleted
    ? [...(may.delete ? [{ label: "Restore", icon: IconArrowBackUp, onRun: (row: Row) => restore(row.id) }] : [])]
    : [
        ...(may.test
          ? [{ label: "Test", icon: IconPlayerPlay, hotkey: "t", onRun: (row: Row) => setTested(row.id) }]
          : []),
        ...(may.edit ? [{ label: "Edit", icon: IconPencil, onRun: (row: Row) => navigate(`/setups/${row.id}`) }] : []),
        ...(may.create
          ? [{ label: "Duplicate", icon: IconCopy, onRun: (row: Row) => navigate(`/setups/new?copy=${row.id}`) }]
          : []),
        ...(may.delete
          ? [{ label: "Delete", icon: IconTrash, hotkey: "Delete", onRun: (row: Row) => void remove(row) }]
          : []),
      ];

  useEffect(() => rememberList(state), [state]);
  const shown = list.data !== undefined;
  useEffect(() => {
    // The rows are visible one frame after the one that draws them.
    if (shown) requestAnimationFrame(() => requestAnimationFrame(() => reportPainted("setups-list")));
  }, [shown]);
  const exported = may.export && rows.length > 0 && !state.deleted ? input : null;
  const filtered = Boolean(state.search || state.channel || state.auth || state.result || state.place);
  return (
    <Screen>
      <ScreenHeader title="API Key Setup" subtitle="Which API Keydesk calls at a stage, and with which key">
        {(may.testAll || may.import || exported) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <MoreButton label="More actions" icon={IconDots} />
            </Menu.Target>
            <Menu.Dropdown>
              {may.testAll && (
                <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => setTestingAll(true)}>
                  Test all …
                </Menu.Item>
              )}
              <TransferItems filter={exported} onImport={may.import ? () => setImporting(true) : undefined} />
            </Menu.Dropdown>
          </Menu>
        )}
        {may.create && <Button onClick={() => navigate("/setups/new")}>Create</Button>}
      </ScreenHeader>
      <SearchBar
        value={state.search}
        onChange={(search) => change({ search })}
        placeholder="Search process, stage, URL …"
        count={first ? countText(first.count, first.capped, "setup", "setups") : ""}
      >
        <Filter
          label="Key For"
          value={state.channel}
          data={choices(channelLabels)}
          onChange={(channel) => change({ channel })}
        />
        <Filter label="Auth Type" value={state.auth} data={choices(authLabels)} onChange={(auth) => change({ auth })} />
        <Filter
          label="Result"
          value={state.result}
          data={choices({ ...verdictLabels, failing: "Failing" })}
          onChange={(result) => change({ result })}
        />
        {state.place && <PlaceChip id={state.place} onClear={() => change({ place: "" })} />}
        <Switch
          label="Deleted"
          checked={state.deleted}
          onChange={(event) => change({ deleted: event.currentTarget.checked })}
          my="auto"
        />
      </SearchBar>
      <DataTable
        label="setups"
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        sort={state.sort ? { by: state.sort, descending: state.descending } : undefined}
        onSort={(sort) => change({ sort: sort.by, descending: sort.descending })}
        onOpen={(row) => navigate(`/setups/${row.id}`)}
        actions={actions}
        hasMore={list.hasNextPage}
        onMore={() => list.fetchNextPage()}
        loading={list.isFetching}
        trouble={list.error}
        onRetry={() => list.refetch()}
        muted={(row) => !row.enabled || row.deleted_ms > 0}
        empty={
          <NoSetups
            filtered={filtered}
            deleted={state.deleted}
            onCreate={may.create ? () => navigate("/setups/new") : undefined}
            onClear={() => change({ search: "", channel: "", auth: "", result: "", place: "" })}
          />
        }
      />
      {tested && <TestDrawer setupId={tested} onClose={() => setTested("")} />}
      {importing && <TransferDialog onClose={() => setImporting(false)} />}
      {testingAll && <TestAll filter={input} onClose={() => setTestingAll(false)} />}
    </Screen>
  );
}

function useRights() {
  return {
    create: useCan(setup.Create),
    edit: useCan(setup.Update),
    delete: useCan(setup.Delete),
    test: useCan(call.Test),
    testAll: useCan(call.TestAll),
    export: useCan(transfer.Export),
    import: useCan(transfer.Import),
  };
}

interface FilterProps {
  label: string;
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Filter({ label, value, data, onChange }: FilterProps) {
  return (
    <Select
      aria-label={label}
      w="9.75rem"
      value={value}
      data={[{ value: "", label: `${label}: any` }, ...data]}
      allowDeselect={false}
      onChange={(next) => onChange(next ?? "")}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}

interface NoSetupsProps {
  filtered: boolean;
  deleted: boolean;
  onCreate?: () => void;
  onClear: () => void;
}

function NoSetups({ filtered, deleted, onCreate, onClear }: NoSetupsProps) {
  if (filtered) {
    return (
      <EmptyState title="No setup matches." text="Shorten the search, or clear the search and the filters.">
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      </EmptyState>
    );
  }
  if (deleted) {
    return <EmptyState title="No deleted setups." text="A deleted setup can be restored from here for 30 days." />;
  }
  return (
    <EmptyState title="No setups yet." text="A setup tells Keydesk which API to call at a stage.">
      {onCreate && <Button onClick={onCreate}>Create</Button>}
    </EmptyState>
  );
}
