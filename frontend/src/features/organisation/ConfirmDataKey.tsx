import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type model, organisation } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { type Plain, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { RecoveryCode } from "../../shell/RecoveryCode";
import { Waiting } from "../../ui";

interface ConfirmDataKeyProps {
  begun: Plain<model.organisation.Begun>;
  onBusy: (busy: boolean) => void;
  onClose: () => void;
}

/** Shows the new recovery code once; its last four characters confirm the change. */
export function ConfirmDataKey({ begun, onBusy, onClose }: ConfirmDataKeyProps) {
  const [lastFour, setLastFour] = useState("");
  const confirm = useMutation(write(organisation.ConfirmChange));
  const errors = fieldErrors(confirm.error);
  useEffect(() => onBusy(confirm.isPending), [onBusy, confirm.isPending]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(
          { start_id: begun.start_id, last_four: lastFour.trim() },
          {
            onSuccess: () => {
              notifications.show({ message: "The data key is changed. Only the new recovery code works now." });
              onClose();
            },
          },
        );
      }}
    >
      <Stack gap="md">
        <Text>
          This is the new recovery code. It is shown only now. Print it or write it down, and keep it away from this
          computer.
        </Text>
        <RecoveryCode code={begun.recovery_code} />
        <TextInput
          label="Last four characters"
          description="Type them to show that you have the code."
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={lastFour}
          error={errors.last_four}
          onChange={(event) => setLastFour(event.currentTarget.value)}
        />
        {confirm.error && Object.keys(errors).length === 0 && <FaultNote fault={confirm.error} />}
        {confirm.isPending && <Waiting what="Sealing everything again" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={confirm.isPending}>
            Keep the old key
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            Change the data key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
