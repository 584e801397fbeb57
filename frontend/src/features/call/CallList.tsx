import { Button, CloseButton, Select } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { call, setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { pages, read } from "../../bridge/query";
import { Screen } from "../../shell/Screen";
import { useQueryAction } from "../../shell/useQueryAction";
import { BidiSafe, countText, DataTable, EmptyState, ScreenHeader, SearchBar } from "../../ui";
import styles from "./Call.module.css";
import { CallDrawer } from "./CallDrawer";
import { CompareById } from "./Compare";
import { columnsFor } from "./columns";
import { inputOf, nothing, useListState } from "./listState";
import { SendOnce } from "./SendOnce";
import { deliveryLabels, kindLabels, verdictLabels } from "./words";

/** What went out and came back, newest first. `openId` is the call whose details are shown next to the list. */
export function CallList({ openId }: { openId: string }) {
  const { state, change, open, close } = useListState();
  const maySend = useCan(call.Send);
  const [sending, setSending] = useState(false);
  useQueryAction("send", () => maySend && setSending(true));
  const [compared, setCompared] = useState("");
  const list = useInfiniteQuery(
    pages(call.List, inputOf(state), {
      turn: (page) => {
        const last = page.calls.at(-1);
        return page.more && last ? { before: last.id } : null;
      },
    }),
  );
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.calls) ?? [], [list.data]);
  const columns = useMemo(
    () =>
      columnsFor(
        state.search,
        rows.some((row) => deliveryLabels[row.delivery]),
      ),
    [state.search, rows],
  );
  const filtered = Object.values({ ...state, order: "" }).some(Boolean);
  const first = list.data?.pages[0];
  return (
    <Screen>
      <ScreenHeader title="Calls" subtitle="What went out, and what came back">
        {maySend && <Button onClick={() => setSending(true)}>Send once</Button>}
      </ScreenHeader>
      <SearchBar
        value={state.search}
        onChange={(search) => change({ search })}
        placeholder="Search recipient"
        count={first ? countText(first.count, first.capped, "call", "calls") : ""}
      >
        <Filter label="Result" value={state.result} labels={verdictLabels} onChange={(result) => change({ result })} />
        <Filter label="Mode" value={state.mode} labels={kindLabels} onChange={(mode) => change({ mode })} />
        {state.setup && <SetupChip id={state.setup} onClear={() => change({ setup: "" })} />}
        {state.run && <Chip text="One run of Test all" onClear={() => change({ run: "" })} />}
      </SearchBar>
      <DataTable
        label="calls"
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        sort={{ by: "time", descending: state.order !== "oldest" }}
        onSort={({ descending }) => change({ order: descending ? "" : "oldest" })}
        onOpen={(row) => open(row.id)}
        onRowKey={(key, row) => {
          if (key !== "c" || !row.setup_id || row.state !== "done") return false;
          setCompared(row.id);
          return true;
        }}
        hasMore={list.hasNextPage}
        onMore={() => list.fetchNextPage()}
        loading={list.isFetching}
        trouble={list.error}
        onRetry={() => list.refetch()}
        empty={<NoCalls filtered={filtered} onClear={() => change({ ...nothing, order: state.order })} />}
      />
      {openId && <CallDrawer id={openId} onClose={close} onCall={(id) => open(id, { replace: true })} />}
      {sending && <SendOnce onClose={() => setSending(false)} />}
      {compared && <CompareById id={compared} onClose={() => setCompared("")} />}
    </Screen>
  );
}

interface FilterProps {
  label: string;
  value: string;
  labels: Record<string, string>;
  onChange: (value: string) => void;
}

function Filter({ label, value, labels, onChange }: FilterProps) {
  return (
    <Select
      aria-label={label}
      w="10rem"
      value={value}
      data={[
        { value: "", label: `${label}: any` },
        ...Object.entries(labels).map(([each, name]) => ({ value: each, label: name })),
      ]}
      allowDeselect={false}
      onChange={(next) => onChange(next ?? "")}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}

function SetupChip({ id, onClear }: { id: string; onClear: () => void }) {
  const one = useQuery(read(setup.Get, { id }));
  return <Chip text={one.data?.title ?? "One setup"} onClear={onClear} />;
}

function Chip({ text, onClear }: { text: string; onClear: () => void }) {
  return (
    <span className={styles.chip}>
      <span className={styles.chipText} title={text}>
        <BidiSafe text={text} />
      </span>
      <CloseButton size="xs" aria-label={`Clear the filter ${text}`} onClick={onClear} />
    </span>
  );
}

function NoCalls({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const mayTest = useCan(setup.List, call.Test);
  if (filtered) {
    return (
      <EmptyState title="No call matches." text="Shorten the search, or clear the search and the filters.">
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No calls yet."
      text={`Every test and every message sent is listed here.${mayTest ? " Test a setup to begin." : ""}`}
    >
      {mayTest && (
        <Button component="a" href="#/setups" variant="default">
          Open API Key Setup
        </Button>
      )}
    </EmptyState>
  );
}
