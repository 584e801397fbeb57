import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type model, office } from "../../bridge/api";
import { type Fault, fieldErrors } from "../../bridge/fault";
import { ask, type Plain, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useWithPassword } from "../../shell/password";
import { CopyButton } from "../../ui";

/** A new data key: made, its recovery code noted and confirmed, everything sealed anew. */
export function ChangeDataKey({ byPassphrase, onClose }: { byPassphrase: boolean; onClose: () => void }) {
  const withPassword = useWithPassword();
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const [lastFour, setLastFour] = useState("");
  const begin = useMutation<Plain<model.office.Begun>, Fault>({
    mutationFn: () => withPassword(() => ask(office.ChangeKey, { passphrase }, { long: true })),
  });
  const confirm = useMutation(write("office.confirm_change", office.ConfirmChange, { long: true }));
  const begun = begin.data;
  const beginErrors = fieldErrors(begin.error);
  const errors = fieldErrors(confirm.error);
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>Change the data key</strong>}
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      {!begun && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setTried(true);
            if (!byPassphrase || (passphrase && passphrase === again)) begin.mutate();
          }}
        >
          <Stack gap="md">
            <Text>Nothing changes before you confirm the new recovery code.</Text>
            {byPassphrase && (
              <>
                <PasswordInput
                  label="New passphrase"
                  autoComplete="off"
                  value={passphrase}
                  error={beginErrors.passphrase ?? (tried && !passphrase ? "Enter a passphrase." : undefined)}
                  onChange={(event) => setPassphrase(event.currentTarget.value)}
                />
                <PasswordInput
                  label="New passphrase again"
                  autoComplete="off"
                  value={again}
                  error={tried && passphrase !== again ? "This is not the same." : undefined}
                  onChange={(event) => setAgain(event.currentTarget.value)}
                />
              </>
            )}
            {begin.error && !beginErrors.passphrase && begin.error.message && (
              <Text c="red">{begin.error.message}</Text>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={begin.isPending}>
                Next
              </Button>
            </Group>
          </Stack>
        </form>
      )}
      {begun && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            confirm.mutate(
              { start_id: begun.start_id, last_four: lastFour },
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
            <Text>This is the new recovery code. It is shown only now.</Text>
            <Text component="output" ff="monospace" size="lg" ta="center" aria-label="Recovery code">
              {begun.recovery_code}
            </Text>
            <div>
              <CopyButton text={begun.recovery_code} label="Copy code" withText />
            </div>
            <TextInput
              label="Last four characters"
              description="Type them to show that you have the code."
              autoComplete="off"
              ff="monospace"
              value={lastFour}
              error={errors.last_four ?? errors.lastFour}
              onChange={(event) => setLastFour(event.currentTarget.value)}
            />
            {confirm.error && Object.keys(errors).length === 0 && <FaultNote fault={confirm.error} />}
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
      )}
    </Modal>
  );
}
