import { Switch } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { apikey } from "../../bridge/api";
import { pages } from "../../bridge/query";
import { BidiSafe, DataTable, EmptyState, exactText, type TableColumn } from "../../ui";
import styles from "./ApiKey.module.css";
import type { AccessRow } from "./types";
import { accessText, logTime, usageEveryMs } from "./words";

const time: TableColumn<AccessRow> = {
  id: "time",
  header: "Time",
  width: "8.75rem",
  title: (row) => exactText(new Date(row.at_ms)),
  cell: (row) => logTime(row.at_ms),
};
const request: TableColumn<AccessRow> = {
  id: "request",
  header: "Request",
  width: "minmax(8rem, 3fr)",
  title: (row) => `${row.method} ${row.route}`,
  cell: (row) => (
    <span className={styles.mask}>
      {row.method} {row.route}
    </span>
  ),
};
const result: TableColumn<AccessRow> = {
  id: "result",
  header: "Result",
  width: "minmax(12rem, 4.1fr)",
  title: accessText,
  cell: accessText,
};
const from: TableColumn<AccessRow> = {
  id: "source",
  header: "From",
  width: "6.5rem",
  title: (row) => row.source,
  cell: (row) => row.source || "Several",
};
const took: TableColumn<AccessRow> = {
  id: "took",
  header: "Took",
  width: "4.75rem",
  numeric: true,
  cell: (row) => `${row.took_ms} ms`,
};
const who: TableColumn<AccessRow> = {
  id: "key",
  header: "Key",
  width: "minmax(6rem, 1.75fr)",
  title: (row) => row.title,
  cell: (row) => (row.key_id ? <BidiSafe text={row.title || "A key that is gone"} /> : "No good key"),
};
const requests: TableColumn<AccessRow> = {
  id: "requests",
  header: "Requests",
  width: "5rem",
  numeric: true,
  cell: (row) => row.requests.toLocaleString("en-US"),
};

const ofOneKey = [time, request, result, from, took];
const ofAll = [time, who, request, result, from, requests];

/** Every request with a key, or with "" every one to the local API, newest first (C30). */
export function AccessLog({ keyId }: { keyId: string }) {
  const [refused, setRefused] = useState(false);
  const input = { key_id: keyId, refused, from_ms: 0, to_ms: 0, before: 0, limit: 100 };
  const list = useInfiniteQuery({
    ...pages(apikey.Access, input, {
      turn: (page) => {
        const last = page.rows.at(-1);
        return page.more && last ? { before: last.id } : null;
      },
    }),
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : usageEveryMs),
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  return (
    <section className={styles.log} aria-labelledby="access-log">
      <div className={styles.logHead}>
        <h2 className={styles.smallTitle} id="access-log">
          {keyId ? "Access log" : "Requests to the local API"}
        </h2>
        <Switch label="Only refused" checked={refused} onChange={(event) => setRefused(event.currentTarget.checked)} />
      </div>
      <DataTable
        label="requests"
        columns={keyId ? ofOneKey : ofAll}
        rows={rows}
        rowId={(row) => String(row.id)}
        hasMore={list.hasNextPage}
        onMore={() => list.fetchNextPage()}
        loading={list.isFetching}
        trouble={list.error}
        onRetry={() => list.refetch()}
        empty={
          <EmptyState
            title={refused ? "No request was refused." : "No requests yet."}
            text={
              keyId
                ? "Every request with this key is listed here."
                : "Every request to the local API is listed here; those without a good key once a minute for each source."
            }
          />
        }
      />
    </section>
  );
}
