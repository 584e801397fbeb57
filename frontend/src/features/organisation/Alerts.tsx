import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { alert, type model } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type Plain, read, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { ErrorState, FormSkeleton, Waiting } from "../../ui";
import { AlertMessage } from "./AlertMessage";
import { type Document, useDocumentForm } from "./useDocumentForm";
import { useFocusOnFault } from "./useFocusOnFault";
import { useTryAlert } from "./useTryAlert";

export type AlertState = Plain<model.alert.State>;
export type AlertDraft = AlertState["settings"];

const documentOf = ({ settings, version }: AlertState): Document<AlertDraft> => ({ value: settings, version });

const inputOf = ({ value, version }: Document<AlertDraft>): AlertState => ({ settings: value, version });

/** Where alerts go besides their list: to the desktop, and as a message to a person. */
export function Alerts() {
  const { data, error, refetch } = useQuery(read(alert.Settings, undefined));
  const reRead = useCallback(async () => {
    const fresh = (await refetch()).data;
    return fresh && documentOf(fresh);
  }, [refetch]);
  if (!data && error) return <ErrorState trouble={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting what="Reading where alerts go" skeleton={<FormSkeleton />} />;
  return <AlertsForm state={data} reRead={reRead} />;
}

interface AlertsFormProps {
  state: AlertState;
  reRead: () => Promise<Document<AlertDraft> | undefined>;
}

function AlertsForm({ state, reRead }: AlertsFormProps) {
  const form = useDocumentForm({
    stored: documentOf(state),
    reRead,
    saving: useMutation(write(alert.SaveSettings)),
    inputOf,
    documentOf,
    what: "the settings of alerts",
  });
  const { value, change } = form;
  const trial = useTryAlert();
  const fault = form.fault ?? trial.fault;
  const box = useFocusOnFault(fault);
  const maySend = useCan(alert.Try);
  const send = async () => {
    const sent = await trial.send(value.message);
    if (sent) notifications.show({ message: sent });
  };
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
        {!form.fault && trial.refusal && <FaultNote fault={trial.refusal} onClose={trial.clear} />}
        <Text c="dimmed">
          Keydesk warns 14 and 3 days before an API key expires, and on its last day, also while nobody is signed in.
          The list behind the bell has every alert.
        </Text>
        <Switch
          label="Show alerts on the desktop"
          description="As a notification of this computer."
          checked={value.desktop}
          onChange={(event) => change({ desktop: event.currentTarget.checked })}
        />
        <Switch
          label="Send alerts as a message"
          description="To one person, through an API Key Setup of the office. Each alert is one live message and may cost money."
          checked={value.message.on}
          onChange={(event) => change({ message: { ...value.message, on: event.currentTarget.checked } })}
        />
        {value.message.on && (
          <AlertMessage
            message={value.message}
            onChange={(message) => change({ message })}
            errors={form.fault ? form.errorsUnder("message", "message.") : trial.errors}
          />
        )}
        <Group>
          <Button type="submit" loading={form.saving} disabled={!form.dirty}>
            Save settings
          </Button>
          {value.message.on && maySend && (
            <Button
              variant="default"
              loading={trial.running}
              disabled={!value.message.setup_id}
              onClick={() => void send()}
            >
              Send a test alert
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
