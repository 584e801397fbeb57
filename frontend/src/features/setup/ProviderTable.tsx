import { Input } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
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

/** A small table of a provider: named rows such as MSG91's variables, ordered ones such as a template's parameters. */
export function ProviderTableEditor({ table, rows, onChange, errors, readOnly }: ProviderTableEditorProps) {
  const [lines, setLines] = useState<Line[]>(() => rows.map((row) => line(row.name, row.value)));
  // Rows that come from elsewhere (the saved setup, another provider) replace the rows shown.
  const told = useRef(JSON.stringify(rows));
  useEffect(() => {
    const text = JSON.stringify(rows);
    if (text === told.current) return;
    told.current = text;
    setLines(rows.map((row) => line(row.name, row.value)));
  }, [rows]);

  const change = (next: Line[]) => {
    setLines(next);
    const filled = next.filter((each) => each.name || each.value).map(({ name, value }) => ({ name, value }));
    told.current = JSON.stringify(filled);
    onChange(filled);
  };
  const named = table.kind === "named";
  const number = {
    field: "id" as const,
    label: "",
    width: "1.5rem",
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
