import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { provider } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { channelLabels } from "../../shell/channels";
import { Screen } from "../../shell/Screen";
import { useQueryAction } from "../../shell/useQueryAction";
import { countText, DataTable, ScreenHeader, SearchBar } from "../../ui";
import { AddProvider } from "./AddProvider";
import { columnsFor } from "./columns";
import { FileFaults, WaitingFiles } from "./FileFaults";
import { HowToWrite } from "./HowToWrite";
import { noFilter, useListState } from "./listState";
import { NoProviders } from "./NoProviders";
import { ProviderDrawer } from "./ProviderDrawer";
import { readList } from "./queries";
import { shownOf } from "./shown";
import { useFiles } from "./useFiles";
import { originLabels } from "./words";

const nobody: never[] = [];

/** Every provider. `openId` is the one whose details are shown next to the list. */
export function ProviderList({ openId }: { openId: string }) {
  const { state, change, open, close } = useListState();
  const mayManage = useCan(provider.Import, provider.Delete);
  const { remove } = useFiles();
  const [asked, setAsked] = useState<"add" | "how" | null>(null);
  useQueryAction("add", () => mayManage && setAsked("add"));
  const list = useQuery(readList());
  const all = list.data?.providers ?? nobody;
  const rows = useMemo(() => shownOf(all, state), [all, state]);
  const columns = useMemo(() => columnsFor(state.search), [state.search]);
  const faults = list.data?.faults ?? nobody;
  const waiting = list.data?.waiting ?? nobody;
  const dialogs = { onAdd: () => setAsked("add"), onHow: () => setAsked("how") };
  return (
    <Screen>
      <ScreenHeader title="Providers" subtitle="The messaging APIs that a setup can choose from">
        {mayManage && (
          <>
            <Button variant="default" onClick={dialogs.onHow}>
              How to write one
            </Button>
            <Button onClick={dialogs.onAdd}>Add a provider</Button>
          </>
        )}
      </ScreenHeader>
      {faults.length > 0 && (
        <FileFaults faults={faults} folder={list.data?.folder ?? ""} onAgain={() => void list.refetch()} />
      )}
      {waiting.length > 0 && <WaitingFiles files={waiting} />}
      <SearchBar
        value={state.search}
        onChange={(search) => change({ search })}
        placeholder="Search name, service, id"
        count={list.data ? countText(rows.length, false, "provider", "providers") : ""}
      >
        <Filter
          label="Key For"
          value={state.channel}
          labels={channelLabels}
          onChange={(channel) => change({ channel })}
        />
        <Filter label="From" value={state.origin} labels={originLabels} onChange={(origin) => change({ origin })} />
      </SearchBar>
      <DataTable
        label="providers"
        columns={columns}
        rows={rows}
        rowId={(line) => line.id}
        sort={{ by: state.sort || "name", descending: state.descending !== "" }}
        onSort={({ by, descending }) => change({ sort: by, descending: descending ? "1" : "" })}
        onOpen={(line) => open(line.id)}
        onRowKey={(key, line) => {
          if (key !== "Delete" || line.built_in || !mayManage) return false;
          void remove(line);
          return true;
        }}
        loading={list.isFetching}
        trouble={list.error}
        onRetry={() => list.refetch()}
        empty={<NoProviders state={state} onClear={() => change(noFilter)} {...dialogs} />}
      />
      {openId && <ProviderDrawer id={openId} onClose={close} />}
      {asked === "add" && (
        <AddProvider
          onClose={() => setAsked(null)}
          onAdded={(id) => {
            setAsked(null);
            open(id);
          }}
        />
      )}
      {asked === "how" && <HowToWrite onClose={() => setAsked(null)} />}
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
      w="10.25rem"
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
