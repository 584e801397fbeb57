import { Switch } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { apikey } from "../../bridge/api";
import { pages } from "../../bridge/query";
import { DataTable, EmptyState, exactText, type TableColumn } from "../../ui";
import styles from "./ApiKey.module.css";
import type { AccessRow } from "./types";
import { accessText, logTime, usageEveryMs } from "./words";

const columns: TableColumn<AccessRow>[] = [
  {
    id: "time",
    header: "Time",
    width: "minmax(8.5rem, 9.5rem)",
    title: (row) => exactText(new Date(row.at_ms)),
    cell: (row) => logTime(row.at_ms),
  },
  {
    id: "request",
    header: "Request",
    width: "minmax(10rem, 1.5fr)",
    title: (row) => `${row.method} ${row.route}`,
    cell: (row) => (
      <span className={styles.mask}>
        {row.method} {row.route}
      </span>
    ),
  },
  { id: "result", header: "Result", width: "minmax(9rem, 1fr)", cell: accessText },
  { id: "source", header: "From", width: "minmax(6.5rem, 8rem)", cell: (row) => row.source || "Several" },
  { id: "took", header: "Took", width: "4.5rem", numeric: true, cell: (row) => `${row.took_ms} ms` },
];

/** Every request with the key, newest first (C30). */
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
          Access log
        </h2>
        <Switch label="Only refused" checked={refused} onChange={(event) => setRefused(event.currentTarget.checked)} />
      </div>
      <DataTable
        label="requests"
        columns={columns}
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
            text="Every request with this key is listed here."
          />
        }
      />
    </section>
  );
}
