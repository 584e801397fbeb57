import { Alert, Button, Group, List, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type model, setup } from "../../bridge/api";
import { type Plain, write } from "../../bridge/query";
import { BidiSafe, Modal } from "../../ui";
import type { Draft } from "./draft";
import styles from "./Setup.module.css";

type Pasted = Plain<model.setup.Pasted>;

interface PasteExampleProps {
  onClose: () => void;
  /** Goes on with the draft; its secrets are held under the id. */
  onUse: (draft: Draft, pasteId: string) => void;
}

/** Reads the curl line of a provider's help page. What will be made, and what cannot, is shown before it is used. */
export function PasteExample({ onClose, onUse }: PasteExampleProps) {
  const [line, setLine] = useState("");
  const read = useMutation(write(setup.Paste));
  const found = read.data;
  return (
    <Modal opened onClose={onClose} title={<strong>Paste an example</strong>} size="lg" withCloseButton={false}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (found?.provider) onUse(found.provider.draft, found.provider.paste_id);
          else if (found) onUse(found.draft, found.id);
          else read.mutate({ line });
        }}
      >
        <Stack gap="md">
          <Textarea
            label="Example from the provider's help page"
            description="A curl line, as it is written for Linux, macOS, cmd or PowerShell. It is read, never run."
            placeholder={'curl https://api.example.com/v1/messages -H "Authorization: Bearer …" -d …'}
            data-autofocus
            rows={found ? 4 : 7}
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={line}
            error={read.error ? `${read.error.message} ${read.error.hint}`.trim() : undefined}
            onChange={(event) => {
              setLine(event.currentTarget.value);
              read.reset();
            }}
          />
          {found && <Found found={found} />}
          <Group justify="flex-end" gap="xs" className={styles.stay}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            {found?.provider && (
              <Button variant="default" onClick={() => onUse(found.draft, found.id)}>
                Keep it as my own request
              </Button>
            )}
            <Button type="submit" loading={read.isPending} disabled={line.trim() === ""}>
              {found?.provider ? `Use ${found.provider.name}` : found ? "Use it" : "Read"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Found({ found }: { found: Pasted }) {
  const secrets = found.secrets.length;
  return (
    <Stack gap="sm">
      {found.provider && (
        <Alert variant="light" title={`This is ${found.provider.name}`}>
          Keydesk knows this address. Its own form asks for the few values that matter, explains refusals and can be
          tried at the simulator.
          {found.provider.left_out.length > 0 && (
            <>
              {" "}
              Not part of it: <BidiSafe text={found.provider.left_out.join(", ")} />.
            </>
          )}
        </Alert>
      )}
      <div>
        <Text fw={600}>This will be made</Text>
        <Items items={found.made} />
      </div>
      {secrets > 0 && (
        <Text>
          {secrets === 1 ? "1 value looks secret and is" : `${secrets} values look secret and are`} marked so. Nothing
          is stored before you save the setup.
        </Text>
      )}
      {found.not_carried.length > 0 && (
        <Alert color="yellow" variant="light" title="Changed or not carried over">
          <Items items={found.not_carried} />
        </Alert>
      )}
    </Stack>
  );
}

function Items({ items }: { items: Pasted["made"] }) {
  return (
    <List size="sm">
      {items.map((item) => (
        <List.Item key={`${item.at} ${item.what}`}>
          <BidiSafe text={item.why ? `${item.what}: ${item.why}` : item.what} />
        </List.Item>
      ))}
    </List>
  );
}
