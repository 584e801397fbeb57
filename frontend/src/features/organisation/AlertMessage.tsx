import { Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { type model, setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type Plain, read } from "../../bridge/query";
import { channelLabel } from "../../shell/channels";
import { everySetup } from "../../shell/everySetup";
import { ErrorState, LineInput, Waiting } from "../../ui";
import { SearchSelect } from "../../ui/SearchSelect";
import type { AlertDraft } from "./Alerts";

type Message = AlertDraft["message"];
type Draft = Plain<model.setup.Draft>;
type Row = Plain<model.setup.Row>;

interface AlertMessageProps {
  message: Message;
  onChange: (message: Message) => void;
  /** Messages by the path below the message: `setup_id`, `fields.Mobile`. */
  errors: Record<string, string>;
}

/** Through which setup alerts go, and what its stage fields hold. */
export function AlertMessage({ message, onChange, errors }: AlertMessageProps) {
  const maySee = useCan(setup.List);
  if (!maySee) {
    return <Text c="dimmed">Choosing the setup needs the permission Can View API Key Setup.</Text>;
  }
  return (
    <Stack gap="md">
      <SetupSelect
        value={message.setup_id}
        error={errors.setup_id}
        onChange={(setup_id) => onChange({ ...message, setup_id, fields: {} })}
      />
      {message.setup_id && <Fields message={message} onChange={onChange} errors={errors} />}
    </Stack>
  );
}

const offered = 50;

interface SetupSelectProps {
  value: string;
  error?: string;
  onChange: (id: string) => void;
}

function SetupSelect({ value, error, onChange }: SetupSelectProps) {
  const [search, setSearch] = useState("");
  const chosen = useQuery(read(setup.Get, { id: value }, { enabled: value !== "" })).data;
  // What was chosen is in the input, and no search.
  const term = value !== "" && (search === chosen?.title || search === "…") ? "" : search;
  const found = useQuery(
    read(setup.List, { ...everySetup, search: term, limit: offered, enabled_only: true }, { keep: true }),
  );
  // The chosen one has one label, whether or not the search finds it: another would be taken for a search.
  const others = (found.data?.rows ?? [])
    .filter((row) => row.id !== value)
    .map((row) => ({ value: row.id, label: rowLabel(row) }));
  const data = value === "" ? others : [{ value, label: chosen?.title ?? "…" }, ...others];
  return (
    <SearchSelect
      label="API Key Setup"
      description="Of a stage whose fields hold the recipient and the text. Type to search."
      placeholder="Choose an API Key Setup"
      value={value || null}
      data={data}
      error={error}
      onChange={(id) => onChange(id ?? "")}
      onSearchChange={setSearch}
      // Go has searched already, in more than the label.
      filter={({ options }) => options}
      nothingFoundMessage="No enabled setup is found."
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}

function rowLabel({ name, process, sub_process, sub_sub_process, stage, channel }: Row): string {
  const place = [process, sub_process, sub_sub_process, stage].filter(Boolean).join(" / ");
  return `${name ? `${name}: ` : ""}${place}, ${channelLabel(channel)}`;
}

function Fields({ message, onChange, errors }: AlertMessageProps) {
  const one = useQuery(read(setup.Get, { id: message.setup_id }));
  const shown = useQuery(
    read(
      setup.Preview,
      { source: { setup_id: message.setup_id, paste_id: "" }, draft: one.data?.draft as Draft, record: {} },
      { enabled: one.data !== undefined },
    ),
  );
  const rows = one.data?.draft.request.stage_params ?? [];
  const fields = shown.data?.fields.filter(({ name }) => rows.some((row) => row.field === name));
  // Of a setup that was just chosen, the texts begin with the alert's sentence.
  const begun = Object.keys(message.fields).length > 0;
  const texts = (fields ?? []).filter(({ type }) => type === "text");
  const first = useEffectEvent(() =>
    onChange({ ...message, fields: Object.fromEntries(texts.map(({ name }) => [name, "{{alert}}"])) }),
  );
  const begin = !begun && texts.length > 0;
  useEffect(() => {
    if (begin) first();
  }, [begin]);
  const trouble = one.error ?? shown.error;
  if (trouble) return <ErrorState trouble={trouble} onRetry={() => void one.refetch()} />;
  if (!fields) return <Waiting what="Reading the setup's fields" />;
  if (fields.length === 0) {
    return <Text c="dimmed">This setup reads no stage field, so every alert sends the same message.</Text>;
  }
  return (
    <Stack gap="sm">
      <Text c="dimmed" size="sm">
        What the fields hold when an alert is sent. <code>{"{{alert}}"}</code> is its whole sentence,{" "}
        <code>{"{{name}}"}</code>, <code>{"{{days}}"}</code> and <code>{"{{date}}"}</code> are parts of it.
      </Text>
      {fields.map((field) => {
        const shared = {
          label: field.name,
          value: message.fields[field.name] ?? "",
          error: errors[`fields.${field.name}`],
          placeholder: field.type === "text" ? "{{alert}}" : field.sample,
        };
        const give = (text: string) => onChange({ ...message, fields: { ...message.fields, [field.name]: text } });
        return field.type === "text" ? (
          <LineInput key={field.id} {...shared} dir="auto" autoComplete="off" onChange={give} />
        ) : (
          <TextInput
            key={field.id}
            {...shared}
            dir="auto"
            autoComplete="off"
            onChange={(event) => give(event.currentTarget.value)}
          />
        );
      })}
    </Stack>
  );
}
