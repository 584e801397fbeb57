import { Input } from "@mantine/core";
import { useState } from "react";
import { RowsEditor } from "../../ui";
import type { Errors } from "./draft";
import { TemplateInput } from "./TemplateInput";
import type { ProviderTable, TableRow } from "./useProvider";

interface ProviderTableEditorProps {
  table: ProviderTable;
  rows: TableRow[];
  onChange: (rows: TableRow[]) => void;
  errors: Errors;
  readOnly: boolean;
}

type Line = TableRow & { id: string };

const line = (name = "", value = ""): Line => ({ id: crypto.randomUUID(), name, value });

const textsOf = ({ name, value }: TableRow): TableRow => ({ name, value });

/** Rows in which nothing is entered are only on screen. */
const filledOf = (rows: TableRow[]): TableRow[] => rows.filter((each) => each.name || each.value).map(textsOf);

/** A small table of a provider: named rows such as MSG91's variables, ordered ones such as a template's parameters. */
export function ProviderTableEditor({ table, rows, onChange, errors, readOnly }: ProviderTableEditorProps) {
  const [lines, setLines] = useState<Line[]>(() => rows.map((row) => line(row.name, row.value)));
  // Rows that come from elsewhere (the saved setup, another provider) replace the rows shown. A row keeps its identity,
  // and so its place on screen the focus. Not in an effect, which could run after the next key.
  if (JSON.stringify(filledOf(lines)) !== JSON.stringify(filledOf(rows))) {
    setLines(rows.map((row, at) => ({ ...textsOf(row), id: lines[at]?.id ?? crypto.randomUUID() })));
  }

  const change = (next: Line[]) => {
    setLines(next);
    onChange(filledOf(next));
  };
  const named = table.kind === "named";
  const number = {
    field: "id" as const,
    label: "",
    width: "1.5rem",
    fixed: true,
    render: ({ index }: { index: number }) => index + 1,
  };
  return (
    <Input.Wrapper
      labelElement="div"
      label={table.label}
      description={table.help || undefined}
      error={errors[`draft.rows.${table.id}`]}
    >
      <RowsEditor<Line>
        label={table.label}
        path={`draft.rows.${table.id}`}
        rows={lines}
        rowId={(row) => row.id}
        newRow={line}
        fromLine={named ? ({ name, value }) => line(name, value) : undefined}
        isEmpty={(row) => !row.name && !row.value}
        errors={errors}
        readOnly={readOnly}
        empty={readOnly ? "None." : undefined}
        onChange={change}
        columns={[
          named ? { field: "name", label: table.name_label || "Name", placeholder: table.name_example } : number,
          {
            field: "value",
            label: table.value_label || "Value",
            render: (cell) => (
              <TemplateInput
                aria-label={cell.label}
                value={cell.row.value}
                placeholder={table.example}
                error={cell.error}
                readOnly={cell.readOnly}
                insert
                onChange={(value) => cell.change({ value })}
              />
            ),
          },
        ]}
      />
    </Input.Wrapper>
  );
}
