import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { LineInput } from "./LineInput";
import styles from "./RowsEditor.module.css";
import { rowsOfBlock } from "./text";

/** The props of a cell, whether it is custom or plain text. */
export interface CellProps<Row> {
  row: Row;
  index: number;
  /** The accessible name: "Header Name, row 3". */
  label: string;
  error: string | undefined;
  readOnly: boolean;
  /** Changes members of this row. */
  change: (part: Partial<Row>) => void;
}

export interface RowsColumn<Row> {
  /** The row's member, which is also the last part of a fault's path: `headers[2].name`. */
  field: keyof Row & string;
  label: string;
  placeholder?: string;
  /** A CSS grid track; `minmax(0, 1fr)` by default. */
  width?: string;
  mono?: boolean;
  /** Shows something that cannot be changed. */
  fixed?: boolean;
  /** Renders the cell where a text input is not enough, such as for a secret or a list of choices. */
  render?: (cell: CellProps<Row>) => ReactNode;
}

interface RowsEditorProps<Row> {
  /** What the rows are, for screen readers: "Additional Header List". */
  label: string;
  columns: RowsColumn<Row>[];
  rows: Row[];
  onChange: (rows: Row[]) => void;
  /** A stable id, not the position. */
  rowId: (row: Row) => string;
  newRow: () => Row;
  /** Makes a row from a pasted `name: value` line; without it a paste is an ordinary one. */
  fromLine?: (line: { name: string; value: string }) => Row;
  /** Whether a row is still empty, so that pasted rows may replace it. */
  isEmpty?: (row: Row) => boolean;
  /** The form's messages, by path. */
  errors?: Record<string, ReactNode>;
  /** The path of these rows in the form: `spec.headers`. */
  path: string;
  readOnly?: boolean;
  addLabel?: string;
  /** Shown when there are no rows. */
  empty?: string;
}

/**
 * Rows of a few short fields. Enter in the last row adds one; Alt with an arrow key moves a row, as the buttons do; a
 * pasted block of `name: value` or `name=value` lines becomes rows.
 */
export function RowsEditor<Row extends object>(props: RowsEditorProps<Row>) {
  const { label, columns, rows, onChange, rowId, newRow, errors = {}, path, readOnly = false } = props;
  const root = useRef<HTMLFieldSetElement>(null);
  const focusNext = useRef<{ id: string; field: string } | null>(null);

  // The focus follows a row that was added or moved, once it is rendered.
  useEffect(() => {
    const wanted = focusNext.current;
    if (!wanted) return;
    focusNext.current = null;
    const cell = [...(root.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])].find(
      (each) => each.dataset.row === wanted.id && each.dataset.field === wanted.field,
    );
    cell?.querySelector<HTMLElement>("input, textarea, select, button")?.focus();
  });

  // A column such as the row's number has no input.
  const first = (columns.find((column) => !column.fixed) ?? columns[0])?.field ?? "";
  const add = () => {
    const row = newRow();
    focusNext.current = { id: rowId(row), field: first };
    onChange([...rows, row]);
  };
  const remove = (index: number) => {
    const neighbour = rows[index + 1] ?? rows[index - 1];
    if (neighbour) focusNext.current = { id: rowId(neighbour), field: first };
    else root.current?.querySelector<HTMLElement>("[data-add]")?.focus();
    onChange(rows.filter((_, each) => each !== index));
  };
  const move = (index: number, by: -1 | 1, field: string) => {
    const row = rows[index];
    const other = rows[index + by];
    if (!row || !other) return;
    focusNext.current = { id: rowId(row), field };
    const next = [...rows];
    next[index] = other;
    next[index + by] = row;
    onChange(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, index: number, field: string) => {
    if (readOnly || event.nativeEvent.isComposing) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(index, event.key === "ArrowUp" ? -1 : 1, field);
      return;
    }
    const target = event.target;
    const plainLine = target instanceof HTMLInputElement && !target.getAttribute("aria-haspopup") && !target.role;
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !plainLine || target.type === "checkbox") return;
    // Enter must not submit the form.
    event.preventDefault();
    const below = rows[index + 1];
    if (!below) add();
    else {
      const cell = [...(root.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])].find(
        (each) => each.dataset.row === rowId(below) && each.dataset.field === field,
      );
      cell?.querySelector<HTMLElement>("input, textarea, select, button")?.focus();
    }
  };

  const onPaste = (event: ClipboardEvent<HTMLElement>, index: number) => {
    if (readOnly || !props.fromLine) return;
    // A secret of several lines is one value, and so is a text that has several already.
    if (event.target instanceof Element && event.target.closest("[data-secret], textarea")) return;
    const lines = rowsOfBlock(event.clipboardData.getData("text/plain"));
    const row = rows[index];
    if (!lines || !row) return;
    event.preventDefault();
    event.stopPropagation();
    const made = lines.map(props.fromLine);
    const last = made.at(-1);
    if (last) focusNext.current = { id: rowId(last), field: first };
    const replaces = props.isEmpty?.(row) ?? false;
    onChange([...rows.slice(0, replaces ? index : index + 1), ...made, ...rows.slice(index + 1)]);
  };

  const tracks = columns.map((column) => column.width ?? "minmax(0, 1fr)").join(" ");
  return (
    <fieldset ref={root} className={styles.editor} style={{ "--tracks": tracks } as React.CSSProperties}>
      <legend className="visually-hidden">{label}</legend>
      {(rows.length > 0 || !props.empty) && (
        <div className={`${styles.row} ${styles.head}`} aria-hidden>
          {columns.map((column) => (
            <span key={column.field}>{column.label}</span>
          ))}
          {!readOnly && <span className={styles.tools} />}
        </div>
      )}
      {rows.length === 0 && props.empty && <p className={styles.empty}>{props.empty}</p>}
      {rows.map((row, index) => {
        const id = rowId(row);
        const rowError = errors[`${path}.${index}`];
        return (
          <div key={id} className={styles.entry}>
            <div className={styles.row}>
              {columns.map((column) => {
                const error = errors[`${path}.${index}.${column.field}`];
                const cell: CellProps<Row> = {
                  row,
                  index,
                  label: `${column.label}, row ${index + 1}`,
                  error: typeof error === "string" ? error : undefined,
                  readOnly,
                  change: (part) => onChange(rows.map((each, at) => (at === index ? { ...each, ...part } : each))),
                };
                return (
                  // biome-ignore lint/a11y/noStaticElementInteractions: handles the keys that bubble up from its input.
                  <div
                    key={column.field}
                    className={styles.cell}
                    data-row={id}
                    data-field={column.field}
                    onKeyDown={(event) => onKeyDown(event, index, column.field)}
                    onPasteCapture={(event) => onPaste(event, index)}
                  >
                    {column.render ? column.render(cell) : <TextCell column={column} cell={cell} />}
                  </div>
                );
              })}
              {!readOnly && (
                <div className={styles.tools}>
                  <RowTool label={`Move row ${index + 1} up`} off={index === 0} run={() => move(index, -1, first)}>
                    <IconArrowUp size={14} />
                  </RowTool>
                  <RowTool
                    label={`Move row ${index + 1} down`}
                    off={index === rows.length - 1}
                    run={() => move(index, 1, first)}
                  >
                    <IconArrowDown size={14} />
                  </RowTool>
                  <RowTool label={`Delete row ${index + 1}`} run={() => remove(index)}>
                    <IconTrash size={16} />
                  </RowTool>
                </div>
              )}
            </div>
            {rowError && (
              <p className={styles.error} role="alert">
                {rowError}
              </p>
            )}
          </div>
        );
      })}
      {!readOnly && (
        <Button
          className={styles.add}
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={add}
          data-add
        >
          {props.addLabel ?? "Add Row"}
        </Button>
      )}
    </fieldset>
  );
}

function TextCell<Row extends object>({ column, cell }: { column: RowsColumn<Row>; cell: CellProps<Row> }) {
  const value = cell.row[column.field];
  return (
    <LineInput
      aria-label={cell.label}
      placeholder={column.placeholder}
      value={typeof value === "string" ? value : String(value ?? "")}
      error={cell.error}
      readOnly={cell.readOnly}
      dir="auto"
      spellCheck={false}
      autoComplete="off"
      classNames={column.mono ? { input: "mono" } : undefined}
      onChange={(text) => cell.change({ [column.field]: text } as unknown as Partial<Row>)}
    />
  );
}

function RowTool(props: { label: string; off?: boolean; run: () => void; children: ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={props.label}
        disabled={props.off}
        onClick={props.run}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
