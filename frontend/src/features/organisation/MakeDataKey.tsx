import { Button, Group, PasswordInput, Radio, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type model, organisation } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import type { Plain } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useConfirmed, wasGivenUp } from "../../shell/password";
import { PasswordStrength, Waiting } from "../../ui";

interface MakeDataKeyProps {
  byPassphrase: boolean;
  onBusy: (busy: boolean) => void;
  onMade: (begun: Plain<model.organisation.Begun>) => void;
  onClose: () => void;
}

/** Asks where to keep the new key; then Go makes it, in memory. */
export function MakeDataKey({ byPassphrase, onBusy, onMade, onClose }: MakeDataKeyProps) {
  const [place, setPlace] = useState(byPassphrase ? "passphrase" : "keyring");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const typing = place === "passphrase";
  // Nothing changes before the recovery code is confirmed.
  const making = useMutation({ ...useConfirmed(organisation.ChangeKey, { refreshes: [] }), onSuccess: onMade });
  useEffect(() => onBusy(making.isPending), [onBusy, making.isPending]);
  // Shown at the input, although only the fault's code names it. A cancelled question for the password shows nothing.
  const short = making.error?.code === "vault.passphrase_short" ? making.error.message : undefined;
  const atInput = fieldErrors(making.error).passphrase ?? short;
  const refusal = atInput || wasGivenUp(making.error) ? null : making.error;

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!typing || (passphrase && passphrase === again)) making.mutate({ passphrase: typing ? passphrase : "" });
      }}
    >
      <Stack gap="md">
        <Text>
          Nothing changes before you confirm the new recovery code. Then copies of the data file from before an update
          are removed, since the old code opens them.
        </Text>
        <Radio.Group label="Where the new key is kept" value={place} onChange={setPlace}>
          <Stack gap="xs" mt={4}>
            <Radio value="keyring" label="In the system keyring" />
            <Radio value="passphrase" label="With a passphrase that you type at each start" />
          </Stack>
        </Radio.Group>
        {typing && (
          <Stack gap={4}>
            <PasswordInput
              label="New passphrase"
              description="At least 12 characters. Four or five words are easy to remember."
              autoComplete="off"
              value={passphrase}
              error={atInput ?? (tried && !passphrase ? "Enter a passphrase." : undefined)}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
            <PasswordStrength password={passphrase} />
            <PasswordInput
              label="New passphrase again"
              autoComplete="off"
              value={again}
              error={tried && passphrase !== again ? "The two do not match." : undefined}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
          </Stack>
        )}
        {refusal && <FaultNote fault={refusal} />}
        {making.isPending && <Waiting what="Making the new key" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={making.isPending}>
            Cancel
          </Button>
          <Button type="submit" loading={making.isPending}>
            Next
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
