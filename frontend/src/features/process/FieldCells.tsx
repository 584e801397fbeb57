import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import type { KeyboardEvent } from "react";
import styles from "./FieldTable.module.css";
import { type FieldType, sampleHints, typeLabels } from "./words";

/** What a person can change of a stage field. */
export interface FieldDraft {
  name: string;
  type: FieldType;
  required: boolean;
  sample: string;
}

interface FieldCellsProps {
  draft: FieldDraft;
  /** The field in the accessible names of the cells: "Mobile", "the new field". */
  of: string;
  errors: Record<string, string>;
  /** Whether the inputs look like text until they are used; those of a new row do not. */
  quiet: boolean;
  /** `settled` is true for a complete change, such as a choice, and false for a typed letter. */
  onChange: (part: Partial<FieldDraft>, settled: boolean) => void;
  /** A text cell lost the focus. */
  onLeave?: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  focusName?: boolean;
  /** The row is being saved. */
  readOnly?: boolean;
}

const types = Object.entries(typeLabels).map(([value, label]) => ({ value, label }));

const answers = [
  { value: "", label: "" },
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];

/** The four cells of a stage field's row: name, type, required, sample value. */
export function FieldCells(props: FieldCellsProps) {
  const { draft, of, errors, quiet, onChange, onLeave, onKeyDown, focusName, readOnly } = props;
  const classNames = quiet ? { input: styles.input } : undefined;
  return (
    <>
      <td>
        <TextInput
          size="xs"
          aria-label={`Name of ${of}`}
          classNames={classNames}
          autoFocus={focusName}
          dir="auto"
          maxLength={200}
          placeholder="Such as Mobile"
          title={draft.name}
          value={draft.name}
          readOnly={readOnly}
          error={errors.name}
          onChange={(event) => onChange({ name: event.currentTarget.value }, false)}
          onBlur={onLeave}
          onKeyDown={onKeyDown}
        />
      </td>
      <td>
        <NativeSelect
          size="xs"
          aria-label={`Type of ${of}`}
          classNames={classNames}
          data={types}
          value={draft.type}
          disabled={readOnly}
          error={errors.type}
          onChange={(event) => onChange({ type: event.currentTarget.value as FieldType }, true)}
          onKeyDown={onKeyDown}
        />
      </td>
      <td>
        <span className={styles.check}>
          <Checkbox
            size="xs"
            aria-label={`${of} is required`}
            checked={draft.required}
            disabled={readOnly}
            onChange={(event) => onChange({ required: event.currentTarget.checked }, true)}
            onKeyDown={onKeyDown}
          />
        </span>
      </td>
      <td>
        {draft.type === "boolean" ? (
          <NativeSelect
            size="xs"
            aria-label={`Sample value of ${of}`}
            classNames={classNames}
            data={answers}
            value={draft.sample}
            disabled={readOnly}
            error={errors.sample}
            onChange={(event) => onChange({ sample: event.currentTarget.value }, true)}
            onKeyDown={onKeyDown}
          />
        ) : (
          <TextInput
            size="xs"
            aria-label={`Sample value of ${of}`}
            classNames={classNames}
            dir="auto"
            maxLength={1000}
            placeholder={sampleHints[draft.type]}
            title={draft.sample}
            value={draft.sample}
            readOnly={readOnly}
            error={errors.sample}
            onChange={(event) => onChange({ sample: event.currentTarget.value }, false)}
            onBlur={onLeave}
            onKeyDown={onKeyDown}
          />
        )}
      </td>
    </>
  );
}
