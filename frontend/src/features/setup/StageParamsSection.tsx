import { Select } from "@mantine/core";
import { useRef } from "react";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type CellProps, RowsEditor } from "../../ui";
import { type Field, isEmptyStageParam, newStageParam, type SectionProps, type StageParam } from "./draft";
import type { Make } from "./MakeInPlace";

interface StageParamsSectionProps extends SectionProps {
  /** The stage fields that can be chosen. */
  fields: Field[];
  make: Make;
}

const makeNew = "\u0000new";

/** Stage Parameter List: which stage field a variable takes its value from (A44 to A46). */
export function StageParamsSection({ draft, changeRequest, errors, readOnly, fields, make }: StageParamsSectionProps) {
  const mayMake = useCan(process.CreateField) && draft.stage_id !== "";
  const rows = draft.request.stage_params;
  const latest = useRef(rows);
  latest.current = rows;
  const setRows = (stage_params: StageParam[]) => changeRequest({ stage_params });
  const makeFor = (id: string) =>
    make({ kind: "field", stageId: draft.stage_id, under: "" }, (field) =>
      setRows(latest.current.map((row) => (row.id === id ? { ...row, field } : row))),
    );
  return (
    <RowsEditor<StageParam>
      label="Stage Parameter List"
      path="draft.request.stage_params"
      rows={rows}
      rowId={(row) => row.id}
      newRow={newStageParam}
      isEmpty={isEmptyStageParam}
      errors={errors}
      readOnly={readOnly}
      empty={readOnly ? "No stage parameters." : undefined}
      onChange={setRows}
      columns={[
        { field: "variable", label: "Variable Name", mono: true },
        {
          field: "field",
          label: "Stage Field Name",
          render: (cell) => (
            <FieldSelect cell={cell} fields={fields} onMake={mayMake ? () => makeFor(cell.row.id) : undefined} />
          ),
        },
        { field: "default", label: "Default Value" },
      ]}
    />
  );
}

interface FieldSelectProps {
  cell: CellProps<StageParam>;
  fields: Field[];
  onMake?: () => void;
}

/** The list has the stage's fields (A12); one that is gone stays visible until another is chosen. */
function FieldSelect({ cell, fields, onMake }: FieldSelectProps) {
  const { row } = cell;
  const names = [...new Set(fields.map((field) => field.name))];
  const gone = row.field && !names.includes(row.field) ? [{ value: row.field, label: row.field }] : [];
  return (
    <Select
      aria-label={cell.label}
      placeholder={names.length === 0 ? "none here" : undefined}
      data={[
        ...gone,
        ...names.map((name) => ({ value: name, label: name })),
        ...(onMake ? [{ value: makeNew, label: "New field …" }] : []),
      ]}
      value={row.field || null}
      allowDeselect={false}
      searchable
      openOnFocus={false}
      readOnly={cell.readOnly}
      error={cell.error}
      comboboxProps={{ transitionProps: { duration: 0 } }}
      onChange={(name) => (name === makeNew ? onMake?.() : cell.change({ field: name ?? "" }))}
    />
  );
}
