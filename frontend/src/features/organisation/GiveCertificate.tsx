import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { certificate, window as frame } from "../../bridge/api";
import { faultOf, fieldErrors } from "../../bridge/fault";
import { ask } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useConfirmed, wasGivenUp } from "../../shell/password";
import { showFault } from "../../shell/showFault";
import { useClosedByLock } from "../../shell/useClosedByLock";
import { Modal, SecretInput, useUnsaved } from "../../ui";
import { useFocusOnFault } from "./useFocusOnFault";

/** Gives a certificate that was made elsewhere, with its key. */
export function GiveCertificate({ onClose }: { onClose: () => void }) {
  const [chain, setChain] = useState("");
  const [key, setKey] = useState("");
  const [sent, setSent] = useState({ chain, key });
  // The private key is nowhere but in this form: a mutation that is kept would keep it too.
  const giving = useMutation({ ...useConfirmed(certificate.Give), gcTime: 0 });
  const { mayLeave, release } = useUnsaved(chain !== "" || key !== "", "this certificate");
  const fault = wasGivenUp(giving.error) ? null : giving.error;
  const box = useFocusOnFault(fault);
  const open = useClosedByLock(onClose);
  const errors = fieldErrors(fault);

  const close = async () => {
    if (!giving.isPending && (await mayLeave())) onClose();
  };
  const readFile = async () => {
    try {
      const file = await ask(frame.ReadText, { title: "Choose the certificate", pattern: "" });
      if (file.chosen) setChain(file.text);
    } catch (cause) {
      showFault(faultOf(cause));
    }
  };
  if (!open) return null;
  return (
    <Modal
      opened
      onClose={() => void close()}
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<strong>Give a certificate</strong>}
    >
      <form
        ref={box}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (giving.isPending) return;
          setSent({ chain, key });
          giving.mutate(
            { chain, key },
            {
              onSuccess: () => {
                notifications.show({ message: "The certificate is in force." });
                release();
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <Text>
            Callers check it against who signed it, so it has to hold every address and name by which they call. Its key
            is sealed and never shown again.
          </Text>
          <Textarea
            label="Certificate"
            description="As PEM text: the server's first, then those of its issuers."
            data-autofocus
            rows={5}
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: "mono" }}
            placeholder="-----BEGIN CERTIFICATE-----"
            value={chain}
            error={chain === sent.chain ? errors.chain : undefined}
            onChange={(event) => setChain(event.currentTarget.value)}
          />
          <Group>
            <Button size="xs" variant="default" onClick={() => void readFile()}>
              Choose a file
            </Button>
          </Group>
          <SecretInput
            label="Private key"
            description="As PEM text, without a passphrase."
            value={{ stored: false, typed: key }}
            error={key === sent.key ? errors.key : undefined}
            onChange={({ typed }) => setKey(typed)}
          />
          {fault && Object.keys(errors).length === 0 && <FaultNote fault={fault} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => void close()} disabled={giving.isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={giving.isPending}>
              Use this certificate
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
