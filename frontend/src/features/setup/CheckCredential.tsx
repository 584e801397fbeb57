import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { call, type model, operation } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { ask, type Plain, write } from "../../bridge/query";
import { BidiSafe, RelativeDate, useFocusKept } from "../../ui";
import type { Draft, Errors, Source } from "./draft";
import { FaultBanner } from "./FaultBanner";

interface CheckCredentialProps {
  setupId: string;
  source: Source;
  /** What the form contains; null checks what is saved. */
  draft: Draft | null;
  /** What the provider's file says the check does; empty where none is known. */
  says: string;
  /** The result of the latest check of the saved credential. */
  last: Plain<model.setup.CredentialCheck> | undefined;
  onField: (path: string) => void;
  /** Messages for the form's inputs, by path. */
  onErrors: (errors: Errors) => void;
}

type Validity = Plain<model.provider.Validity>;

const validityWords: Record<Validity, { label: string; color: string }> = {
  valid: { label: "Valid", color: "green" },
  invalid: { label: "Invalid", color: "red" },
  expired: { label: "Expired", color: "yellow" },
  unreachable: { label: "Unreachable", color: "gray" },
  not_testable: { label: "Not testable", color: "gray" },
};

/** Asks the provider whether the credential is good, without sending a message. */
export function CheckCredential({ setupId, source, draft, says, last, onField, onErrors }: CheckCredentialProps) {
  const check = useMutation(write(call.Check));
  const running = useRef("");
  const cancel = () => {
    if (running.current) void ask(operation.Cancel, { id: running.current }).catch(() => {});
  };
  useEffect(() => cancel, []);
  const start = () => {
    running.current = crypto.randomUUID();
    check.mutate(
      { operation_id: running.current, setup_id: draft ? "" : setupId, source, ...(draft ? { draft } : {}) },
      {
        onSettled: () => {
          running.current = "";
        },
        onError: (fault) => onErrors(fieldErrors(fault)),
      },
    );
  };
  const button = useRef<HTMLButtonElement>(null);
  useFocusKept(check.isPending, () => button.current);
  const found = check.data ?? (check.isIdle && !draft ? last : undefined);
  const fix = check.data?.fix;
  return (
    <div>
      <Group gap="sm">
        <Button ref={button} variant="default" size="xs" loading={check.isPending} onClick={start}>
          Check this credential
        </Button>
        {check.isPending && (
          <Button variant="subtle" size="xs" onClick={cancel}>
            Cancel
          </Button>
        )}
        <Text size="xs" c="dimmed">
          {says ? `${says} No message is sent.` : "No message is sent."}
        </Text>
      </Group>
      {found && !check.isPending && (
        <Group gap="xs" mt="xs" role="status" align="baseline">
          <Badge variant="light" color={validityWords[found.validity].color} tt="none">
            {validityWords[found.validity].label}
          </Badge>
          <span>
            <BidiSafe text={found.reason} />
            {found.validity === "unreachable" && " Check that this computer is online, then check again."}
          </span>
          {fix && (
            <Anchor component="button" type="button" onClick={() => onField(fix.path)}>
              Go to {fix.label}
            </Anchor>
          )}
          <Text size="xs" c="dimmed" component="span">
            <RelativeDate at={new Date(found.at_ms)} />
          </Text>
        </Group>
      )}
      {check.error && check.error.fields.length === 0 && <FaultBanner fault={check.error} />}
    </div>
  );
}
