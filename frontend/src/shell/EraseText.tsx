import { Button, Group, PasswordInput, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { erase, type model, operation } from "../bridge/api";
import { type Fault, fieldErrors } from "../bridge/fault";
import { ask, type Plain, read } from "../bridge/query";
import { useSession } from "../bridge/session";
import { Modal } from "../ui";
import { FaultNote } from "./FaultNote";
import { useWithPassword, wasGivenUp } from "./password";

type Erased = Plain<model.erase.Erased>;

interface EraseTextProps {
  title: string;
  /** What to erase; without it the person types a text. */
  texts?: string[];
  /** Why, above the question. */
  children?: ReactNode;
  onClose: () => void;
}

/** Asks an Org Admin whether to erase a text from the history, and does it (RULES.md, Erasing). */
export function EraseText({ title, texts, children, onClose }: EraseTextProps) {
  const { state } = useSession();
  const [typed, setTyped] = useState("");
  const { run, operationId } = useErase();
  // A locked window must not keep what was typed.
  useEffect(() => {
    if (state !== "ready") onClose();
  }, [state, onClose]);
  const stop = () => void ask(operation.Cancel, { id: operationId }).catch(() => {});
  const close = () => {
    if (run.isPending) stop();
    onClose();
  };
  const atInput = fieldErrors(run.error).text;
  const refusal = atInput || wasGivenUp(run.error) ? null : run.error;

  return (
    <Modal
      opened
      onClose={close}
      title={<strong>{run.data ? "Erased" : title}</strong>}
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      {run.isPending && <Running operationId={operationId} onStop={stop} />}
      {run.data && <Done erased={run.data} onClose={onClose} />}
      {!run.isPending && !run.data && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            run.mutate(texts ?? [typed]);
          }}
        >
          <Stack gap="md">
            {children}
            {!texts && (
              <PasswordInput
                label="Text to erase"
                description="Exactly as it was saved, at least 6 characters"
                data-autofocus
                autoComplete="off"
                spellCheck={false}
                value={typed}
                error={atInput}
                visibilityToggleButtonProps={{ tabIndex: 0, "aria-label": "Show Text to erase while typing" }}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            )}
            <Text>
              Entries of Activity lose the states that hold it, and calls show •••••••• in its place. Deleted setups
              that hold it can no longer be restored, and copies of the data file from before an update are removed.
              This cannot be undone.
            </Text>
            {refusal && <FaultNote fault={refusal} />}
            {texts && atInput && <Text c="red">{atInput}</Text>}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose} data-autofocus={texts ? true : undefined}>
                {texts ? "Not now" : "Cancel"}
              </Button>
              <Button type="submit" color="red.8" disabled={!texts && typed === ""}>
                Erase it there
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

/** Erases texts one after the other, asking for the password where Go wants it. */
function useErase() {
  const withPassword = useWithPassword();
  const [operationId, setOperationId] = useState("");
  const run = useMutation<Erased, Fault, string[]>({
    mutationKey: ["erase", "text"],
    mutationFn: async (texts) => {
      let sum: Erased = { entries: 0, calls: 0, events: 0, checks: 0, keys: 0, alerts: 0, setups: 0, copies: 0 };
      for (const text of texts) {
        // A cancelled id stays cancelled, so each call has its own.
        const erased = await withPassword(() => {
          const operation_id = crypto.randomUUID();
          setOperationId(operation_id);
          return ask(erase.Text, { operation_id, text });
        });
        sum = addedUp(sum, erased);
      }
      return sum;
    },
    meta: { refreshes: ["activity", "call", "setup"] },
  });
  return { run, operationId };
}

function addedUp(one: Erased, other: Erased): Erased {
  return {
    entries: one.entries + other.entries,
    calls: one.calls + other.calls,
    events: one.events + other.events,
    checks: one.checks + other.checks,
    keys: one.keys + other.keys,
    alerts: one.alerts + other.alerts,
    setups: one.setups + other.setups,
    copies: one.copies + other.copies,
  };
}

function Running({ operationId, onStop }: { operationId: string; onStop: () => void }) {
  const progress = useQuery({
    ...read(operation.Progress, { id: operationId }, { enabled: operationId !== "" }),
    refetchInterval: 300,
  });
  const { done = 0, total = 0, text = "" } = progress.data ?? {};
  return (
    <Stack gap="xs">
      <Progress value={total ? (100 * done) / total : 0} aria-label="Progress of erasing" transitionDuration={0} />
      <Text role="status">
        {total ? `${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")}` : "Starting"} {text}
      </Text>
      <Text c="dimmed">What is erased stays erased if you stop. Erase it once more to finish.</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onStop}>
          Stop
        </Button>
      </Group>
    </Stack>
  );
}

function Done({ erased, onClose }: { erased: Erased; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Text role="status">{summaryOf(erased)}</Text>
      <Text c="dimmed">Have it withdrawn at the provider too: what was erased here still works there.</Text>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

/** "It was in 4 entries of Activity and 2 calls. It is there no longer." */
export function summaryOf({ entries, calls, events, checks, keys, alerts, setups, copies }: Erased): string {
  const count = (number: number, one: string, more: string) =>
    number > 0 ? [`${number.toLocaleString("en-US")} ${number === 1 ? one : more}`] : [];
  const held = [
    ...count(entries, "entry of Activity", "entries of Activity"),
    ...count(calls, "call", "calls"),
    ...count(events, "waiting event", "waiting events"),
    ...count(checks, "check of a credential", "checks of a credential"),
    ...count(keys, "deleted API key", "deleted API keys"),
    ...count(alerts, "alert", "alerts"),
    ...count(setups, "deleted setup", "deleted setups"),
  ];
  const where = held.length > 1 ? `${held.slice(0, -1).join(", ")} and ${held.at(-1)}` : (held[0] ?? "");
  const said = where ? `It was in ${where}, and is there no longer.` : "The history did not hold it.";
  if (copies === 0) return said;
  return `${said} ${copies === 1 ? "1 copy of the data file from before an update was" : `${copies} copies of the data file from before updates were`} removed.`;
}
