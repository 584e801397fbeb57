import { Button, Select, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { activity, erase } from "../../bridge/api";
import { Can } from "../../bridge/can";
import { pages, read } from "../../bridge/query";
import { EraseText } from "../../shell/EraseText";
import { Screen } from "../../shell/Screen";
import { useQueryAction } from "../../shell/useQueryAction";
import { countText, DataTable, EmptyState, ScreenHeader, SearchBar } from "../../ui";
import { columnsFor } from "./columns";
import { DayRange } from "./DayRange";
import { EntryDrawer } from "./EntryDrawer";
import { inputOf, noFilter, useListState } from "./listState";
import type { Entry } from "./types";
import { outcomeLabels } from "./words";

/** The scopes of all other features, so that any change invalidates the list. */
const watches = ["setup", "call", "process", "user", "provider", "organisation"];

/** Activity: who did what, newest first by default (UI.md, Activity on screen). */
export default function Activity() {
  const [state, change] = useListState();
  const [opened, setOpened] = useState<Entry | null>(null);
  const [erasing, setErasing] = useState(false);
  const startErasing = useCallback(() => setErasing(true), []);
  const stopErasing = useCallback(() => setErasing(false), []);
  useQueryAction("erase", startErasing);
  const list = useInfiniteQuery(
    pages(activity.List, inputOf(state), {
      watches,
      turn: (page) => {
        const last = page.entries.at(-1);
        return page.more && last ? { before: last.seq } : null;
      },
    }),
  );
  const filters = useQuery(read(activity.Filters, undefined, { watches: ["user"] }));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.entries) ?? [], [list.data]);
  const columns = useMemo(() => columnsFor(state.search), [state.search]);
  const people = (filters.data?.actors ?? []).filter((actor) => actor.id !== "");
  const kinds = filters.data?.kinds ?? [];
  const filtered = Object.values({ ...state, order: "" }).some(Boolean);
  const first = list.data?.pages[0];

  return (
    <Screen>
      <ScreenHeader title="Activity" subtitle="Who did what, and when">
        <Can do={erase.Text}>
          <Button variant="default" onClick={startErasing}>
            Erase a text
          </Button>
        </Can>
      </ScreenHeader>
      <SearchBar
        value={state.search}
        onChange={(search) => change({ search })}
        placeholder="Search person, thing, details"
        count={first ? countText(first.count, first.capped, "entry", "entries") : ""}
      >
        <Filter
          label="Person"
          value={state.person}
          data={people.map(({ id, name }) => ({ value: id, label: name || id }))}
          onChange={(person) => change({ person })}
          searchable
        />
        <Filter
          label="Kind"
          value={state.kind}
          data={kinds.map(({ kind, label }) => ({ value: kind, label }))}
          onChange={(kind) => change({ kind })}
        />
        <Filter
          label="Outcome"
          value={state.outcome}
          data={Object.entries(outcomeLabels).map(([value, label]) => ({ value, label }))}
          onChange={(outcome) => change({ outcome })}
        />
        <DayRange from={state.from} until={state.until} onChange={(from, until) => change({ from, until })} />
      </SearchBar>
      <DataTable
        label="activity"
        columns={columns}
        rows={rows}
        rowId={(row) => String(row.seq)}
        sort={{ by: "time", descending: state.order !== "oldest" }}
        onSort={({ descending }) => change({ order: descending ? "" : "oldest" })}
        onOpen={setOpened}
        hasMore={list.hasNextPage}
        onMore={() => list.fetchNextPage()}
        loading={list.isFetching}
        trouble={list.error}
        onRetry={() => list.refetch()}
        empty={
          filtered ? (
            <EmptyState title="Nothing matches." text="Shorten the search, or clear the search and the filters.">
              <Button variant="default" onClick={() => change({ ...noFilter, order: state.order })}>
                Clear search and filters
              </Button>
            </EmptyState>
          ) : (
            <EmptyState title="Nothing has happened yet." text="Every change and every refusal is recorded here." />
          )
        }
      />
      {opened && <EntryDrawer entry={opened} onClose={() => setOpened(null)} />}
      {erasing && (
        <EraseText title="Erase a text from the history" onClose={stopErasing}>
          <Text>
            For a key or another text that was saved where everybody who sees the history can read it. It has to be gone
            from where it is used today first.
          </Text>
        </EraseText>
      )}
    </Screen>
  );
}

interface FilterProps {
  label: string;
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
  searchable?: boolean;
}

function Filter({ label, value, data, onChange, searchable }: FilterProps) {
  return (
    <Select
      aria-label={label}
      w="9.5rem"
      value={value}
      data={[{ value: "", label: `${label}: any` }, ...data]}
      allowDeselect={false}
      searchable={searchable}
      openOnFocus={false}
      nothingFoundMessage="Nothing is called that."
      onChange={(next) => onChange(next ?? "")}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
