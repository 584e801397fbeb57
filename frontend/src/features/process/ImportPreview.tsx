import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { DataTable, EmptyState, type TableColumn } from "../../ui";
import styles from "./ImportPreview.module.css";

export type Preview = Plain<model.process.ImportPreview>;
type Row = Preview["rows"][number];

/** How many errors are shown; nobody corrects more before trying again. */
const mostErrors = 100;

function effectOf(row: Row): string {
  const said = [row.makes.length > 0 ? `New: ${row.makes.join(", ")}` : "", row.changes.join(", ")].filter(Boolean);
  return said.join(". ") || "Already there";
}

const columns: TableColumn<Row>[] = [
  { id: "line", header: "Line", width: "4rem", numeric: true, cell: (row) => row.line },
  { id: "path", header: "What it describes", width: "minmax(12rem, 1fr)", cell: (row) => row.path },
  { id: "effect", header: "What happens", width: "minmax(14rem, 1fr)", cell: effectOf },
];

/** What each line of a file would do. If lines have errors, only those are shown, with all their errors. */
export function ImportPreview({ preview }: { preview: Preview }) {
  const wrong = preview.rows.filter((row) => row.errors.length > 0);
  if (wrong.length > 0) {
    return (
      <ul className={styles.errors} aria-label="Lines with errors">
        {wrong.slice(0, mostErrors).map((row) => (
          <li key={row.line}>
            <strong>Line {row.line}</strong>
            <span dir="auto">{row.path}</span>
            <span className={styles.error}>{row.errors.join(" ")}</span>
          </li>
        ))}
        {wrong.length > mostErrors && <li>And {wrong.length - mostErrors} more.</li>}
      </ul>
    );
  }
  return (
    <div className={styles.list}>
      <DataTable
        label="lines of the file"
        columns={columns}
        rows={preview.rows}
        rowId={(row) => String(row.line)}
        muted={(row) => row.makes.length + row.changes.length === 0}
        empty={<EmptyState title="The file has no lines below its first one." />}
      />
    </div>
  );
}
