import { Select, TextInput } from "@mantine/core";
import { LineInput } from "../../ui";
import styles from "./Call.module.css";
import type { Field } from "./types";

interface RecordFormProps {
  fields: Field[];
  /** Values by the field's name. */
  record: Record<string, string>;
  onChange: (record: Record<string, string>) => void;
  /** Messages by the field's name. */
  errors?: Record<string, string>;
  /** Marks the fields that must be filled in. */
  markRequired?: boolean;
}

const hints: Partial<Record<Field["type"], string>> = {
  phone: "+91 98123 45678",
  email: "name@example.com",
  date: "YYYY-MM-DD",
};

/** The stage's fields, each with a value. */
export function RecordForm({ fields, record, onChange, errors = {}, markRequired = false }: RecordFormProps) {
  return (
    <div className={styles.record}>
      {fields.map((field) => {
        const shared = {
          label: field.name,
          value: record[field.name] ?? "",
          error: errors[field.name],
          withAsterisk: markRequired && field.required,
        };
        const give = (value: string) => onChange({ ...record, [field.name]: value });
        if (field.type === "boolean") {
          return (
            <Select
              key={field.id}
              {...shared}
              data={[
                { value: "", label: "Not said" },
                { value: "true", label: "Yes" },
                { value: "false", label: "No" },
              ]}
              allowDeselect={false}
              onChange={(value) => give(value ?? "")}
              comboboxProps={{ transitionProps: { duration: 0 } }}
            />
          );
        }
        if (field.type === "text") {
          return <LineInput key={field.id} {...shared} dir="auto" autoComplete="off" onChange={give} />;
        }
        return (
          <TextInput
            key={field.id}
            {...shared}
            dir="auto"
            inputMode={field.type === "number" ? "decimal" : undefined}
            placeholder={hints[field.type]}
            autoComplete="off"
            onChange={(event) => give(event.currentTarget.value)}
          />
        );
      })}
    </div>
  );
}

/** The sample values by field name, with which a test begins. */
export function samplesOf(fields: Field[]): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.name, field.sample]));
}

/** The messages of a fault about the record: that of `record.Mobile` under "Mobile". */
export function recordErrors(found: { name: string; message: string }[]): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { name, message } of found) {
    if (name.startsWith("record.")) errors[name.slice("record.".length)] = message;
  }
  return errors;
}
