import { Button, Group, SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { type CellProps, RowsEditor } from "../../ui";
import type { Errors, Rule, SectionProps } from "./draft";
import styles from "./Setup.module.css";
import { choices } from "./words";

type Condition = Plain<model.verdict.Condition>;
type Extractor = Plain<model.verdict.Extractor>;
type ConditionRow = Condition & { id: string };

const fromLabels: Record<Condition["from"], string> = {
  json: "JSON path",
  xml: "XML path",
  text: "Text pattern",
  header: "Header",
};

const testLabels: Record<Condition["test"], string> = {
  present: "is there",
  absent: "is not there",
  equals: "is",
  not_equals: "is not",
  one_of: "is one of",
  matches: "matches",
};

const examples: Record<Condition["from"], string> = {
  json: "$.messages[0].status",
  xml: "//Message/Sid",
  text: "^OK",
  header: "X-Message-Id",
};

const nowhere: Extractor = { from: "json", path: "" };

const emptyRule: Rule = {
  status: "200-299",
  any_of: false,
  conditions: [],
  each: "",
  message_id: nowhere,
  error_code: nowhere,
  error_text: nowhere,
  throttled: [],
};

/** In one line, for the closed section. */
export function ruleSummary(rule: Rule | undefined | null): string {
  if (!rule) return "Judged by the status alone: 200 to 299 is accepted.";
  const count = rule.conditions.length;
  const conditions = count === 0 ? "" : ` and ${count} ${count === 1 ? "condition" : "conditions"}`;
  return `Status ${rule.status || "200-299"}${conditions}`;
}

/** What counts as accepted (R8): without a rule the status alone decides. */
export function RuleSection({ draft, change, errors, readOnly }: SectionProps) {
  const { rule } = draft;
  if (!rule) {
    return (
      <>
        <Text>
          Without a rule the status alone decides: 200 to 299 counts as accepted. Many services answer 200 and say no in
          the body; a rule looks there.
        </Text>
        {!readOnly && (
          <Group>
            <Button variant="default" size="xs" onClick={() => change({ rule: emptyRule })}>
              Add a rule
            </Button>
          </Group>
        )}
      </>
    );
  }
  return (
    <RuleFields
      rule={rule}
      set={(part) => change({ rule: { ...rule, ...part } })}
      errors={errors}
      readOnly={readOnly}
      onRemove={() => change({ rule: undefined })}
    />
  );
}

interface RuleFieldsProps {
  rule: Rule;
  set: (part: Partial<Rule>) => void;
  errors: Errors;
  readOnly: boolean;
  onRemove: () => void;
}

function RuleFields({ rule, set, errors, readOnly, onRemove }: RuleFieldsProps) {
  const ids = useRef<string[]>([]);
  const rows: ConditionRow[] = rule.conditions.map((condition, index) => {
    ids.current[index] ??= crypto.randomUUID();
    return { ...condition, id: ids.current[index] };
  });
  const setRows = (next: ConditionRow[]) => {
    ids.current = next.map((row) => row.id);
    set({ conditions: next.map(({ id: _, ...condition }) => condition) });
  };
  return (
    <>
      <TextInput
        label="Status"
        description="Numbers and ranges, such as 200-299 or 200,202"
        value={rule.status}
        readOnly={readOnly}
        error={errors["draft.rule.status"]}
        onChange={(event) => set({ status: event.currentTarget.value })}
      />
      <Group gap="sm">
        <Text fw={500}>Conditions</Text>
        <SegmentedControl
          size="xs"
          aria-label="How many conditions must hold"
          data={[
            { value: "all", label: "All of them" },
            { value: "any", label: "Any of them" },
          ]}
          value={rule.any_of ? "any" : "all"}
          readOnly={readOnly}
          transitionDuration={0}
          onChange={(next) => set({ any_of: next === "any" })}
        />
      </Group>
      <RowsEditor<ConditionRow>
        label="Conditions"
        path="draft.rule.conditions"
        rows={rows}
        rowId={(row) => row.id}
        newRow={() => ({ id: crypto.randomUUID(), from: "json", path: "", test: "present", value: "" })}
        errors={errors}
        readOnly={readOnly}
        empty="No conditions: the status alone decides."
        onChange={setRows}
        columns={[
          {
            field: "from",
            label: "Look in",
            width: "7.5rem",
            render: (cell) => <Choice cell={cell} field="from" labels={fromLabels} />,
          },
          {
            field: "path",
            label: "Where",
            width: "minmax(0, 1.4fr)",
            render: (cell) => (
              <TextInput
                aria-label={cell.label}
                placeholder={examples[cell.row.from]}
                value={cell.row.path}
                error={cell.error}
                readOnly={cell.readOnly}
                spellCheck={false}
                classNames={{ input: "mono" }}
                onChange={(event) => cell.change({ path: event.currentTarget.value })}
              />
            ),
          },
          {
            field: "test",
            label: "Must",
            width: "7.5rem",
            render: (cell) => <Choice cell={cell} field="test" labels={testLabels} />,
          },
          {
            field: "value",
            label: "Value",
            render: (cell) =>
              ["present", "absent"].includes(cell.row.test) ? null : (
                <TextInput
                  aria-label={cell.label}
                  value={cell.row.value}
                  error={cell.error}
                  readOnly={cell.readOnly}
                  spellCheck={false}
                  onChange={(event) => cell.change({ value: event.currentTarget.value })}
                />
              ),
          },
        ]}
      />
      <TextInput
        label="For each part of"
        description="Where one answer speaks of several messages: the JSON path of their list. The conditions then look inside each."
        placeholder="$.messages"
        value={rule.each}
        readOnly={readOnly}
        error={errors["draft.rule.each"]}
        spellCheck={false}
        classNames={{ input: "mono" }}
        onChange={(event) => set({ each: event.currentTarget.value })}
      />
      <ExtractorField
        label="Message id"
        name="message_id"
        value={rule.message_id}
        errors={errors}
        readOnly={readOnly}
        onChange={(message_id) => set({ message_id })}
      />
      <ExtractorField
        label="Error code"
        name="error_code"
        value={rule.error_code}
        errors={errors}
        readOnly={readOnly}
        onChange={(error_code) => set({ error_code })}
      />
      <ExtractorField
        label="Error text"
        name="error_text"
        value={rule.error_text}
        errors={errors}
        readOnly={readOnly}
        onChange={(error_text) => set({ error_text })}
      />
      <ThrottledCodes rule={rule} set={set} errors={errors} readOnly={readOnly} />
      {!readOnly && (
        <Group>
          <Button variant="default" size="xs" onClick={onRemove}>
            Remove the rule
          </Button>
        </Group>
      )}
    </>
  );
}

interface ChoiceProps<Key extends string> {
  cell: CellProps<ConditionRow>;
  field: "from" | "test";
  labels: Record<Key, string>;
}

function Choice<Key extends string>({ cell, field, labels }: ChoiceProps<Key>) {
  return (
    <Select
      aria-label={cell.label}
      data={choices(labels)}
      value={cell.row[field] as Key}
      allowDeselect={false}
      error={cell.error}
      readOnly={cell.readOnly}
      comboboxProps={{ transitionProps: { duration: 0 }, width: "max-content", position: "bottom-start" }}
      onChange={(next) => next && cell.change({ [field]: next })}
    />
  );
}

interface ExtractorFieldProps {
  label: string;
  name: "message_id" | "error_code" | "error_text";
  value: Extractor;
  errors: Errors;
  readOnly: boolean;
  onChange: (value: Extractor) => void;
}

function ExtractorField({ label, name, value, errors, readOnly, onChange }: ExtractorFieldProps) {
  return (
    <div className={styles.extractor}>
      <Select
        label={label}
        aria-label={`${label}, look in`}
        data={choices(fromLabels)}
        value={value.from || "json"}
        allowDeselect={false}
        readOnly={readOnly}
        error={errors[`draft.rule.${name}.from`]}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        onChange={(from) => from && onChange({ ...value, from })}
      />
      <TextInput
        aria-label={`${label}, where`}
        placeholder="nowhere"
        value={value.path}
        readOnly={readOnly}
        error={errors[`draft.rule.${name}.path`]}
        spellCheck={false}
        classNames={{ input: "mono" }}
        onChange={(event) => onChange({ from: value.from || "json", path: event.currentTarget.value })}
      />
    </div>
  );
}

function ThrottledCodes({ rule, set, errors, readOnly }: Omit<RuleFieldsProps, "onRemove">) {
  // Kept as typed, or a comma could never be typed.
  const [text, setText] = useState(rule.throttled.join(", "));
  return (
    <TextInput
      label="Error codes that mean too fast"
      description="Separated by commas. Status 429 always does."
      value={text}
      readOnly={readOnly}
      error={errors["draft.rule.throttled"]}
      spellCheck={false}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        set({
          throttled: next
            .split(",")
            .map((code) => code.trim())
            .filter(Boolean),
        });
      }}
    />
  );
}
