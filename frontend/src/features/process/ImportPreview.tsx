import { useMemo } from "react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { DataTable, EmptyState, type TableColumn } from "../../ui";
import styles from "./ImportPreview.module.css";

export type Preview = Plain<model.process.ImportPreview>;
type Row = Preview["rows"][number];

function effectOf(row: Row): string {
  if (row.errors.length > 0) return row.errors.join(" ");
  const said = [row.makes.length > 0 ? `New: ${row.makes.join(", ")}` : "", row.changes.join(", ")].filter(Boolean);
  return said.join(". ") || "Already there";
}

const columns: TableColumn<Row>[] = [
  { id: "line", header: "Line", width: "4rem", numeric: true, cell: (row) => row.line },
  { id: "path", header: "What it describes", width: "minmax(10rem, 1fr)", cell: (row) => row.path },
  {
    id: "effect",
    header: "What happens",
    width: "minmax(14rem, 2fr)",
    title: effectOf,
    cell: (row) =>
      row.errors.length > 0 ? <span className={styles.error}>Error: {effectOf(row)}</span> : effectOf(row),
  },
];

/** What each line of a file would do. */
export function ImportPreview({ preview, onlyErrors }: { preview: Preview; onlyErrors: boolean }) {
  const rows = useMemo(
    () => (onlyErrors ? preview.rows.filter((row) => row.errors.length > 0) : preview.rows),
    [preview, onlyErrors],
  );
  return (
    <div className={styles.list}>
      <DataTable
        label="lines of the file"
        columns={columns}
        rows={rows}
        rowId={(row) => String(row.line)}
        muted={(row) => row.makes.length + row.changes.length + row.errors.length === 0}
        empty={<EmptyState title="The file has no lines below its first one." />}
      />
    </div>
  );
}
