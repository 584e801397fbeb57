import { Button, Group, NumberInput, Radio, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { organisation } from "../../bridge/api";
import { useSession } from "../../bridge/session";
import { FaultNote } from "../../shell/FaultNote";
import { useConfirmed } from "../../shell/password";
import { wholeNumber } from "../../ui";
import { KnownAddresses } from "./KnownAddresses";
import { Listening } from "./Listening";
import { documentOf, inputOf, type LocalApiDraft, type LocalApiState, linesOf } from "./localApiDraft";
import { type Document, useDocumentForm } from "./useDocumentForm";
import { useFocusOnFault } from "./useFocusOnFault";
import { callers } from "./words";

interface LocalApiFormProps {
  state: LocalApiState;
  reRead: () => Promise<Document<LocalApiDraft> | undefined>;
}

/** The settings of the local API. The switch acts at once; the rest is saved with the button. */
export function LocalApiForm({ state, reRead }: LocalApiFormProps) {
  const isOrgAdmin = useSession().user.is_org_admin;
  // The office network asks for the password.
  const saving = useMutation(useConfirmed(organisation.SaveLocalAPI));
  // Until the state is read again, the answer is newer: the switch and the line below it say the same.
  const now = saving.data && saving.data.version > state.version ? saving.data : state;
  const form = useDocumentForm({
    stored: documentOf(state),
    reRead,
    saving,
    inputOf,
    documentOf,
    what: "the settings of the local API",
  });
  const { value, change, errorAt } = form;
  const box = useFocusOnFault(form.fault);

  return (
    <form
      ref={box}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <Stack gap="md">
        {form.refusal && <FaultNote fault={form.refusal} onReload={() => void form.reload()} />}
        <div>
          <Switch
            label="Local API"
            aria-describedby="local-api-switch"
            checked={form.saved.on}
            disabled={form.saving}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              form.saveAt({ on }, on ? "The local API is switched on." : "The local API is switched off.");
            }}
          />
          <Text size="xs" c="dimmed" id="local-api-switch" mt={4}>
            Other programs call Keydesk here, each with an API key. The switch takes effect at once.
          </Text>
          <Listening settings={now.settings} listening={now.listening} />
        </div>
        <Radio.Group
          label="Who can call"
          value={value.network ? "network" : "here"}
          onChange={(next) => change({ network: next === "network" })}
        >
          <Stack gap="xs" mt={4}>
            {isOrgAdmin || !form.saved.network ? (
              <Radio value="here" label={callers.here.label} description={callers.here.text} />
            ) : null}
            {isOrgAdmin || form.saved.network ? (
              <Radio value="network" label={callers.network.label} description={callers.network.text} />
            ) : null}
          </Stack>
        </Radio.Group>
        {!isOrgAdmin && <Text c="dimmed">Only an Org Admin may change who on the network can call.</Text>}
        {value.network && (
          <>
            <Textarea
              label="Addresses of this computer"
              description="Its addresses in the office network, one on each line, such as 192.168.1.20. Keydesk listens at these and no others."
              rows={2}
              resize="vertical"
              readOnly={!isOrgAdmin}
              spellCheck={false}
              classNames={{ input: "mono" }}
              value={value.addresses}
              error={errorAt("addresses", "settings.addresses")}
              onChange={(event) => change({ addresses: event.currentTarget.value })}
            />
            {isOrgAdmin && (
              <KnownAddresses
                entered={linesOf(value.addresses)}
                onAdd={(address) => change({ addresses: [...linesOf(value.addresses), address].join("\n") })}
              />
            )}
            <Textarea
              label="Host names (optional)"
              description="What else other machines call this computer, one on each line, such as keydesk.office.example."
              rows={2}
              resize="vertical"
              readOnly={!isOrgAdmin}
              spellCheck={false}
              classNames={{ input: "mono" }}
              value={value.names}
              error={errorAt("names", "settings.names")}
              onChange={(event) => change({ names: event.currentTarget.value })}
            />
          </>
        )}
        <Group align="flex-start" gap="xl">
          <NumberInput
            label="Port"
            description="1024 to 65535. Programs that call need the new address after a change."
            {...wholeNumber}
            w={300}
            value={value.port}
            error={errorAt("port", "settings.port")}
            onChange={(port) => change({ port })}
          />
          <NumberInput
            label="Requests a minute"
            description="For each key that has no limit of its own. More are told how long to wait."
            {...wholeNumber}
            w={300}
            value={value.per_minute}
            error={errorAt("per_minute", "settings.per_minute")}
            onChange={(per_minute) => change({ per_minute })}
          />
        </Group>
        <Group>
          <Button type="submit" loading={form.saving} disabled={!form.dirty}>
            Save settings
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
