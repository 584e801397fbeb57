import { ActionIcon, Checkbox, Popover, Select, Stack } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { type CellProps, RowsEditor } from "../../ui";
import { isEmptyParam, newParam, type Param, type SectionProps } from "./draft";
import styles from "./Setup.module.css";
import { ValueInput } from "./ValueInput";
import { choices } from "./words";

const typeLabels: Record<Param["type"], string> = { "": "Text", number: "Number", boolean: "Yes/No", json: "JSON" };
const inLabels: Record<Param["in"], string> = {
  "": "As usual for the method",
  query: "Query",
  body: "Body",
  nowhere: "Nowhere (only as {{name}})",
};

/** Custom Parameter List (A41 to A43). */
export function ParamsSection({ draft, changeRequest, errors, readOnly }: SectionProps) {
  return (
    <RowsEditor<Param>
      label="Custom Parameter List"
      path="draft.request.params"
      rows={draft.request.params}
      rowId={(row) => row.id}
      newRow={newParam}
      fromLine={(line) => newParam(line.name, line.value)}
      isEmpty={isEmptyParam}
      errors={errors}
      readOnly={readOnly}
      empty={readOnly ? "No custom parameters." : undefined}
      onChange={(params) => changeRequest({ params })}
      columns={[
        { field: "name", label: "Field Name", mono: true },
        {
          field: "value",
          label: "Field Value",
          width: "minmax(0, 1.5fr)",
          render: (cell) => (
            <>
              <ValueInput
                name={cell.label}
                row={cell.index}
                value={cell.row.value}
                error={cell.error}
                readOnly={cell.readOnly}
                onChange={(value) => cell.change({ value })}
              />
              <p className={styles.rowNote}>{noteOf(cell.row)}</p>
            </>
          ),
        },
        {
          field: "type",
          label: "",
          width: "1.75rem",
          render: (cell) => <MoreOfParam cell={cell} inError={errors[`draft.request.params.${cell.index}.in`]} />,
        },
      ]}
    />
  );
}

/** How the row differs from a plain text parameter, so that the icon hides nothing. */
function noteOf(row: Param): string {
  const parts = [
    row.type && typeLabels[row.type],
    row.in === "nowhere" ? "not sent by itself" : row.in && `in the ${inLabels[row.in].toLowerCase()}`,
    row.optional && "optional",
  ];
  return parts.filter(Boolean).join(", ");
}

/** Type, In and optional of a row: seldom changed, one click away. */
function MoreOfParam({ cell, inError }: { cell: CellProps<Param>; inError: string | undefined }) {
  const { row, change, readOnly, index } = cell;
  if (readOnly) return null;
  return (
    <Popover width={280} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color={cell.error || inError ? "red" : "gray"}
          mt={4}
          aria-label={`Type and place, row ${index + 1}`}
          title="Type and place"
        >
          <IconAdjustmentsHorizontal size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label="Type"
            data={choices(typeLabels)}
            value={row.type}
            allowDeselect={false}
            error={cell.error}
            comboboxProps={{ withinPortal: false, transitionProps: { duration: 0 } }}
            onChange={(type) => change({ type: type ?? "" })}
          />
          <Select
            label="In"
            data={choices(inLabels)}
            value={row.in}
            allowDeselect={false}
            error={inError}
            comboboxProps={{ withinPortal: false, transitionProps: { duration: 0 } }}
            onChange={(place) => change({ in: place ?? "" })}
          />
          <Checkbox
            label="Optional"
            aria-label="Optional"
            description="Left out when its fields are empty."
            checked={row.optional}
            onChange={(event) => change({ optional: event.currentTarget.checked })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
