import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type model, organisation } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { type Plain, write } from "../../bridge/query";
import { RecoveryCode } from "../../shell/RecoveryCode";
import { Waiting } from "../../ui/Waiting";
import { AuthLayout } from "./AuthLayout";
import styles from "./AuthLayout.module.css";
import { Trouble } from "./Trouble";

interface StepCodeProps {
  begun: Plain<model.organisation.Begun>;
  byPassphrase: boolean;
  onBack: () => void;
  onDone: () => void;
}

/** Shows the recovery code once and asks for its last four characters. */
export function StepCode({ begun, byPassphrase, onBack, onDone }: StepCodeProps) {
  const [lastFour, setLastFour] = useState("");
  // The session is not read again, so that the window stays here until the last step is done.
  const confirm = useMutation(write(organisation.Confirm));
  const errors = fieldErrors(confirm.error);
  return (
    <AuthLayout
      step="Step 4 of 5"
      title="Recovery code"
      text={`It opens your secrets when the ${byPassphrase ? "passphrase" : "keyring"} is lost, and lets an Org Admin in who forgot the password. It is shown only now.`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!confirm.isPending)
            confirm.mutate({ start_id: begun.start_id, last_four: lastFour.trim() }, { onSuccess: onDone });
        }}
      >
        <Stack gap="md">
          <RecoveryCode code={begun.recovery_code} />
          <Text>Print it or write it down, and keep it away from this computer.</Text>
          <TextInput
            label="Last four characters"
            description="Type them to show that you have the code."
            autoComplete="off"
            spellCheck={false}
            className={styles.typed}
            value={lastFour}
            error={errors.last_four}
            onChange={(event) => setLastFour(event.currentTarget.value)}
          />
          <Trouble cause={confirm.error} unlessAt={["last_four"]} />
          {confirm.isPending && <Waiting what="Making your office" />}
          <Group justify="space-between">
            <Button variant="default" onClick={onBack} disabled={confirm.isPending}>
              Back
            </Button>
            <Button type="submit" loading={confirm.isPending}>
              Confirm
            </Button>
          </Group>
        </Stack>
      </form>
    </AuthLayout>
  );
}
