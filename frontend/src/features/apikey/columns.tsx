import { BidiSafe, Mark, RelativeDate, type TableColumn } from "../../ui";
import styles from "./ApiKey.module.css";
import { KeyStatus } from "./KeyStatus";
import type { Key } from "./types";
import { lastMoment, reviewText } from "./words";

interface ColumnsOptions {
  /** What was searched for. */
  term: string;
  /** In *Keys to review*: the days without use that count, for the column *Why*; 0 elsewhere. */
  reviewDays: number;
  nowMs: number;
  /** The window has no room for the whole words of every column. */
  narrow: boolean;
}

/** The columns of the list of keys (B08, C27, E08). */
export function columnsFor({ term, reviewDays, nowMs, narrow }: ColumnsOptions): TableColumn<Key>[] {
  const why: TableColumn<Key> = {
    id: "why",
    header: "Why",
    width: "minmax(9rem, 1.5fr)",
    cell: (key) => reviewText(key, reviewDays, nowMs),
  };
  const date = narrow ? "minmax(7rem, 8.5rem)" : "10rem";
  return [
    {
      id: "title",
      header: "Title",
      sort: "title",
      width: narrow ? "minmax(8rem, 2fr)" : "minmax(10rem, 2fr)",
      title: (key) => key.title,
      cell: (key) => (term ? <Mark text={key.title} term={term} /> : <BidiSafe text={key.title} />),
    },
    {
      id: "key",
      header: "Key",
      width: narrow ? "9.75rem" : "11.5rem",
      title: (key) => (key.taken_over ? "Taken over from elsewhere" : ""),
      cell: (key) => <span className={styles.mask}>{key.mask}</span>,
    },
    { id: "status", header: "Status", width: narrow ? "6.25rem" : "7.5rem", cell: (key) => <KeyStatus apiKey={key} /> },
    ...(reviewDays > 0 ? [why] : []),
    {
      id: "created",
      header: "Created",
      sort: "created",
      width: date,
      cell: (key) => <RelativeDate at={new Date(key.created_ms)} />,
    },
    {
      id: "expires",
      header: "Expires",
      sort: "expires",
      width: date,
      cell: (key) => (key.expires_ms > 0 ? <RelativeDate at={lastMoment(key.expires_ms)} /> : "Never"),
    },
    {
      id: "used",
      header: "Last used",
      sort: "used",
      width: date,
      cell: (key) => (key.last_used_ms > 0 ? <RelativeDate at={new Date(key.last_used_ms)} /> : "Never"),
    },
    {
      id: "calls",
      header: "Calls",
      width: "minmax(3.5rem, 5rem)",
      numeric: true,
      cell: (key) => key.calls.toLocaleString("en-US"),
    },
  ];
}
