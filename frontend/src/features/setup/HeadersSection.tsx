import { RowsEditor } from "../../ui";
import { type Header, isEmptyHeader, newHeader, type SectionProps } from "./draft";
import { TemplateInput } from "./TemplateInput";
import { ValueInput } from "./ValueInput";

/** Additional Header List (A38, A39). */
export function HeadersSection({ draft, changeRequest, errors, readOnly }: SectionProps) {
  return (
    <RowsEditor<Header>
      label="Additional Header List"
      path="draft.request.headers"
      rows={draft.request.headers}
      rowId={(row) => row.id}
      newRow={newHeader}
      fromLine={(line) => newHeader(line.name, line.value)}
      isEmpty={isEmptyHeader}
      errors={errors}
      readOnly={readOnly}
      empty={readOnly ? "No additional headers." : undefined}
      onChange={(headers) => changeRequest({ headers })}
      columns={[
        {
          field: "name",
          label: "Header Name",
          render: (cell) => (
            <TemplateInput
              aria-label={cell.label}
              value={cell.row.name}
              error={cell.error}
              readOnly={cell.readOnly}
              onChange={(name) => cell.change({ name })}
            />
          ),
        },
        {
          field: "value",
          label: "Header Value",
          width: "minmax(0, 1.5fr)",
          render: (cell) => (
            <ValueInput
              name={cell.label}
              row={cell.index}
              value={cell.row.value}
              error={cell.error}
              readOnly={cell.readOnly}
              onChange={(value) => cell.change({ value })}
            />
          ),
        },
      ]}
    />
  );
}
