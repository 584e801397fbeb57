import { Anchor, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { SecretInput } from "../../ui";
import { type Draft, type Errors, enteredIn, type Field as StageField, type Value } from "./draft";
import { exposedWords } from "./exposed";
import { ProviderTableEditor } from "./ProviderTable";
import styles from "./Setup.module.css";
import { SmsCount } from "./SmsCount";
import { TemplateInput } from "./TemplateInput";
import type { PreviewOutput } from "./usePreview";
import { holds, type ProviderField, type ProviderState } from "./useProvider";

interface ProviderFieldsProps {
  /** Whose fields are shown: the account's are under Authentication, the message's in a separate section. */
  belongs: "account" | "message";
  provider: ProviderState;
  draft: Draft;
  errors: Errors;
  readOnly: boolean;
  /** What the last preview said of the message: its number of SMS, and what to fix before it costs money. */
  message: PreviewOutput["message"];
  advice: PreviewOutput["advice"];
  fields: StageField[];
}

/** The fields of a provider's file, in its order, each with its own help (RULES.md, Providers). */
export function ProviderFields(props: ProviderFieldsProps) {
  const { belongs, provider, draft, errors, readOnly, message, advice } = props;
  const { form } = provider;
  // A field that was shown once stays visible, filled in or not.
  const [opened, setOpened] = useState<Set<string>>(new Set());
  if (!form) return null;
  const shown = form.provider.fields
    .map((field) => ({ field, at: draft.request.fixed.findIndex((each) => each.name === field.id) }))
    .filter(({ field, at }) => field.belongs === belongs && at >= 0);
  const needed = oneOfNeeded(form.provider.one_of, draft);
  const wanted = ({ field, at }: (typeof shown)[number]) => {
    const value = enteredIn(draft, field.id);
    const path = `draft.request.fixed[${at}].value`;
    return (
      !field.optional ||
      form.provider.one_of.some((group) => group[0] === field.id) ||
      opened.has(field.id) ||
      Boolean(value?.plain || value?.typed || value?.stored || errors[`draft.request.fixed.${at}.value`]) ||
      advice.some((each) => each.name === path)
    );
  };
  const rest = shown.filter((each) => !wanted(each));
  return (
    <>
      {shown.filter(wanted).map(({ field, at }) => {
        const value = enteredIn(draft, field.id) ?? { plain: "", secret: field.secret, stored: false, typed: "" };
        const path = `draft.request.fixed.${at}.value`;
        return (
          <div key={field.id}>
            <Input
              field={field}
              value={value}
              readOnly={readOnly}
              required={!field.optional || needed.has(field.id)}
              error={errors[path]}
              applies={steers(form.provider, field.id)}
              onChange={provider.setValue}
            />
            {field.secret && !value.secret && value.plain && !errors[path] && (
              <p className={styles.advice}>{exposedWords}</p>
            )}
            {field.kind === "long_text" && draft.channel === "sms" && message && <SmsCount count={message} />}
            {!errors[path] &&
              advice
                .filter((each) => each.name === `draft.request.fixed[${at}].value`)
                .map((each) => (
                  <p key={each.message} className={styles.advice}>
                    {each.message}
                  </p>
                ))}
          </div>
        );
      })}
      {rest.length > 0 && !readOnly && (
        <p className={styles.fold}>
          {rest.length === 1 ? "One more field" : `${rest.length} more fields`}, usually not needed:{" "}
          {rest.map(({ field }) => field.label).join(", ")}.{" "}
          <Anchor
            component="button"
            type="button"
            inherit
            onClick={() => setOpened(new Set([...opened, ...rest.map(({ field }) => field.id)]))}
          >
            Show
          </Anchor>
        </p>
      )}
      {belongs === "message" &&
        form.provider.rows
          .filter((table) => holds(table.when, draft))
          .map((table) => (
            <ProviderTableEditor
              key={table.id}
              table={table}
              rows={draft.entered?.tables.find(({ id }) => id === table.id)?.rows ?? []}
              onChange={(rows) => provider.setTable(table.id, rows)}
              errors={errors}
              readOnly={readOnly}
            />
          ))}
    </>
  );
}

/** Groups in which nothing is filled in yet: each of their fields is marked as required. */
function oneOfNeeded(groups: string[][], draft: Draft): Set<string> {
  const filled = (id: string) => {
    const value = enteredIn(draft, id);
    return Boolean(value && (value.plain || value.typed || value.stored));
  };
  return new Set(groups.filter((group) => !group.some(filled)).map((group) => group[0] ?? ""));
}

/** Whether other fields, parameters or tables depend on this one. */
function steers(provider: NonNullable<ProviderState["form"]>["provider"], id: string): boolean {
  return provider.fields.some((field) => field.kind === "choice" && field.id === id);
}

interface InputProps {
  field: ProviderField;
  value: Value;
  onChange: ProviderState["setValue"];
  applies: boolean;
  error?: string;
  readOnly: boolean;
  required: boolean;
}

function Input({ field, value, onChange, applies, error, readOnly, required }: InputProps) {
  const set = (plain: string) => onChange(field.id, { ...value, plain }, applies);
  const shared = { label: field.label, description: field.help || undefined, error, readOnly, withAsterisk: required };
  if (field.secret) {
    return (
      <SecretInput
        label={field.label}
        description={field.help || undefined}
        error={error}
        readOnly={readOnly}
        required={required}
        value={value}
        onChange={(next) => onChange(field.id, { ...value, ...next })}
      />
    );
  }
  if (field.kind === "choice") {
    return (
      <Select
        {...shared}
        data={field.choices}
        value={value.plain || null}
        allowDeselect={field.optional}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        onChange={(choice) => set(choice ?? "")}
      />
    );
  }
  if (field.belongs === "account") {
    return (
      <TextInput
        {...shared}
        value={value.plain}
        placeholder={field.example}
        spellCheck={false}
        autoComplete="off"
        maxLength={100_000}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  return (
    <TemplateInput
      {...shared}
      classNames={{}}
      value={value.plain}
      placeholder={field.example}
      lines={field.kind === "long_text" ? 3 : undefined}
      insert
      onChange={set}
    />
  );
}
