import { Anchor, Group, Input, SegmentedControl, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { provider as door, type model, window as shell } from "../../bridge/api";
import { ask, type Plain, read } from "../../bridge/query";
import { channelLabel, channelLabels } from "../../shell/channels";
import { FaultWords } from "../../shell/showFault";
import { BidiSafe, Note } from "../../ui";
import type { SectionProps } from "./draft";
import { SeeChanges } from "./SeeChanges";
import { useChooseProvider } from "./useChooseProvider";
import type { ProviderState } from "./useProvider";
import { badgeWords, type Channel, choices } from "./words";

interface CommunicationSectionProps extends SectionProps {
  provider: ProviderState;
}

const other = "Other: write the request myself";

/** What the key is for (A03, A25), and whose API is called. */
export function CommunicationSection(props: CommunicationSectionProps) {
  const { draft, change, errors, readOnly, provider } = props;
  const id = useId();
  const serves = provider.form?.provider.channels;
  const name = provider.form?.provider.name ?? "";
  return (
    <>
      <Input.Wrapper
        labelElement="div"
        label="Key For"
        labelProps={{ id }}
        withAsterisk
        error={errors["draft.channel"]}
        description={
          serves && serves.length < 3
            ? `${name} sends ${serves.map(channelLabel).join(" and ")}.${draft.channel === "email" ? " Over an HTTP API, not SMTP." : ""}`
            : draft.channel === "email"
              ? "Over an HTTP API, not SMTP."
              : undefined
        }
        inputWrapperOrder={["label", "input", "description", "error"]}
      >
        <div>
          <SegmentedControl
            aria-labelledby={id}
            data={choices(channelLabels).map((each) => ({
              ...each,
              disabled: serves !== undefined && !serves.includes(each.value),
            }))}
            value={draft.channel}
            readOnly={readOnly}
            transitionDuration={0}
            onChange={(channel) => change({ channel: channel as Channel })}
          />
        </div>
      </Input.Wrapper>
      <ProviderChoice {...props} />
      {provider.fault && (
        <Note tone="amber">
          <FaultWords fault={provider.fault} />
        </Note>
      )}
      {provider.form && <AboutProvider {...props} form={provider.form} />}
    </>
  );
}

/** Every provider of the channel; those that are less well known are under More, with their badge. */
function ProviderChoice({ draft, errors, readOnly, provider }: CommunicationSectionProps) {
  const list = useQuery(read(door.List, undefined));
  const all = list.data?.providers ?? [];
  const fitting = all.filter((one) => one.channels.includes(draft.channel) || one.id === draft.provider);
  const item = (one: Summary) => ({ value: one.id, label: one.name });
  const missing = draft.provider && !all.some((one) => one.id === draft.provider);
  const groups = [
    { group: "Providers", items: fitting.filter((one) => one.built_in && !one.more).map(item) },
    { group: "Your own", items: fitting.filter((one) => !one.built_in).map(item) },
    { group: "More", items: fitting.filter((one) => one.built_in && one.more).map(item) },
    { group: "None of these", items: [{ value: "", label: other }] },
  ].filter((each) => each.items.length > 0);

  const chooseProvider = useChooseProvider(provider, draft);
  const choose = (id: string | null) => {
    if (id !== null) void chooseProvider(id, all.find((one) => one.id === id)?.name ?? "");
  };
  return (
    <Select
      label="Provider"
      data={missing ? [...groups, { group: "No longer there", items: [draft.provider] }] : groups}
      value={draft.provider}
      allowDeselect={false}
      readOnly={readOnly}
      searchable
      openOnFocus={false}
      error={
        errors["draft.provider"] ?? (list.error ? `The providers could not be read. ${list.error.hint}` : undefined)
      }
      comboboxProps={{ transitionProps: { duration: 0 } }}
      maxDropdownHeight={360}
      onFocus={(event) => event.currentTarget.select()}
      renderOption={({ option }) => {
        const one = all.find((each) => each.id === option.value);
        return (
          <Group justify="space-between" wrap="nowrap" flex={1} gap="sm">
            <span>{option.label}</span>
            {one?.more && (
              <Text size="xs" c="dimmed" component="span">
                {badgeWords[one.badge]}
              </Text>
            )}
          </Group>
        );
      }}
      onChange={choose}
    />
  );
}

type Summary = Plain<model.provider.Summary>;

/** The provider in plain words, its page, and what has changed in its file. */
function AboutProvider(props: CommunicationSectionProps & { form: NonNullable<ProviderState["form"]> }) {
  const { form, provider, readOnly } = props;
  const [seeing, setSeeing] = useState(false);
  const { name, help, page, marks } = form.provider;
  const differs = provider.newer || provider.byHand.length > 0;
  return (
    <>
      <Text size="sm" c="dimmed">
        <BidiSafe text={help} />{" "}
        {marks.badge !== "V" && `How the request looks: ${badgeWords[marks.badge]?.toLowerCase()}. `}
        {page && (
          <Anchor
            component="button"
            type="button"
            inherit
            onClick={() => void ask(shell.OpenLink, { url: page }).catch(() => {})}
          >
            {name}'s own page
          </Anchor>
        )}
      </Text>
      {differs && !readOnly && (
        <Note tone="amber" alert={false}>
          {provider.newer
            ? `Keydesk knows a newer request of ${name} than this setup has.`
            : `Parts of this request were changed by hand and are not as ${name} has them.`}{" "}
          <Anchor component="button" type="button" onClick={() => setSeeing(true)}>
            See changes
          </Anchor>
        </Note>
      )}
      {seeing && (
        <SeeChanges
          name={name}
          changes={provider.changes}
          onClose={() => setSeeing(false)}
          onTake={() => {
            setSeeing(false);
            provider.reset();
          }}
        />
      )}
    </>
  );
}
