import { BidiSafe, countText, Mark, Sparkline, type TableColumn } from "../../ui";
import styles from "./ApiKey.module.css";
import { KeyDate } from "./KeyDate";
import { KeyStatus } from "./KeyStatus";
import type { KeyRow } from "./keyRows";
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
export function columnsFor({ term, reviewDays, nowMs, narrow }: ColumnsOptions): TableColumn<KeyRow>[] {
  const why: TableColumn<KeyRow> = {
    id: "why",
    header: "Why",
    width: "minmax(9rem, 3fr)",
    title: (key) => reviewText(key, reviewDays, nowMs),
    cell: (key) => reviewText(key, reviewDays, nowMs),
  };
  const at = (when: Date) => <KeyDate at={when} short={narrow} nowMs={nowMs} />;
  const date = narrow ? "6.75rem" : "10rem";
  const review = reviewDays > 0;
  const created: TableColumn<KeyRow> = {
    id: "created",
    header: "Created",
    sort: "created",
    width: date,
    cell: (key) => at(new Date(key.created_ms)),
  };
  const calls: TableColumn<KeyRow> = {
    id: "calls",
    header: "Calls",
    width: narrow ? "6rem" : "8rem",
    numeric: true,
    title: recentText,
    cell: (key) => (
      <span className={styles.calls}>
        <Sparkline figures={key.recent} />
        {key.calls.toLocaleString("en-US")}
      </span>
    ),
  };
  const mask: TableColumn<KeyRow> = {
    id: "key",
    header: "Key",
    width: narrow ? "9rem" : "11.5rem",
    title: (key) => (key.taken_over ? "Taken over from elsewhere" : key.mask),
    cell: (key) =>
      narrow ? (
        <span className={styles.maskShort}>{key.mask.replace(/•+$/, "••••")}</span>
      ) : (
        <span className={styles.mask}>{key.mask}</span>
      ),
  };
  return [
    {
      id: "title",
      header: "Title",
      sort: "title",
      width: narrow ? "minmax(8rem, 2fr)" : "minmax(10rem, 2fr)",
      title: (key) => key.title,
      cell: (key) => (term ? <Mark text={key.title} term={term} /> : <BidiSafe text={key.title} />),
    },
    ...(review && narrow ? [] : [mask]),
    { id: "status", header: "Status", width: narrow ? "6.25rem" : "7.5rem", cell: (key) => <KeyStatus apiKey={key} /> },
    ...(review ? [why] : [created]),
    {
      id: "expires",
      header: "Expires",
      sort: "expires",
      width: date,
      cell: (key) => (key.expires_ms > 0 ? at(lastMoment(key.expires_ms)) : "Never"),
    },
    {
      id: "used",
      header: "Last used",
      sort: "used",
      width: date,
      cell: (key) => (key.last_used_ms > 0 ? at(new Date(key.last_used_ms)) : "Never"),
    },
    ...(review ? [] : [calls]),
  ];
}

/** What the line of a row shows, in words: "1,204 requests, 213 in the last 30 days". */
function recentText({ calls, recent }: KeyRow): string {
  const sum = recent.reduce((all, each) => all + each, 0);
  return `${countText(calls, false, "request", "requests")}, ${sum.toLocaleString("en-US")} in the last ${recent.length} days`;
}
