import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type model, office } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { type Plain, write } from "../../bridge/query";
import { CopyButton } from "../../ui";
import { Gate } from "./Gate";
import styles from "./Gate.module.css";
import { SaveCode } from "./SaveCode";
import { Trouble } from "./Trouble";

interface StepCodeProps {
  begun: Plain<model.office.Begun>;
  onBack: () => void;
  onDone: () => void;
}

/** The recovery code, shown once, confirmed by its last four characters. */
export function StepCode({ begun, onBack, onDone }: StepCodeProps) {
  const [lastFour, setLastFour] = useState("");
  // Not on the session's shelf: the window stays here until the last step is done.
  const confirm = useMutation(write("keyring.confirm", office.Confirm, { long: true }));
  const errors = fieldErrors(confirm.error);
  return (
    <Gate
      title="Recovery code"
      text="It opens your secrets when the keyring is lost, and lets an Org Admin in who forgot the password. It is shown only now."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate({ start_id: begun.start_id, last_four: lastFour }, { onSuccess: onDone });
        }}
      >
        <Stack gap="md">
          <output className={styles.code} aria-label="Recovery code">
            {begun.recovery_code}
          </output>
          <Group>
            <CopyButton text={begun.recovery_code} label="Copy code" withText />
            <SaveCode code={begun.recovery_code} />
          </Group>
          <Text>Write it down or print it, and keep it away from this computer.</Text>
          <TextInput
            label="Last four characters"
            description="Type them to show that you have the code."
            autoComplete="off"
            ff="monospace"
            value={lastFour}
            error={errors.last_four ?? errors.lastFour}
            onChange={(event) => setLastFour(event.currentTarget.value)}
          />
          <Trouble cause={confirm.error} unlessAt={["last_four", "lastFour"]} />
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
    </Gate>
  );
}
