import { Button, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { type model, organisation } from "../../bridge/api";
import { Can } from "../../bridge/can";
import type { Plain } from "../../bridge/query";
import { ChangeDataKey } from "./ChangeDataKey";

/** Where secrets are kept, with a button for a new data key. */
export function Secrets({ secrets }: { secrets: Plain<model.organisation.Secrets> }) {
  const [changing, setChanging] = useState(false);
  const byPassphrase = secrets.protection === "passphrase";
  return (
    <Stack gap="md">
      <Text style={{ display: "flex", gap: 8 }} component="div">
        <IconCircleCheck size={20} color="var(--mantine-color-green-7)" aria-hidden style={{ flexShrink: 0 }} />
        {byPassphrase
          ? "Secrets are sealed with a passphrase, which is typed at each start."
          : `Secrets are sealed. The key that opens them is kept in ${secrets.keyring || "the system keyring"}.`}
      </Text>
      {secrets.reason !== "ok" && secrets.message && (
        <Text c="dimmed">
          {secrets.message} {secrets.hint}
        </Text>
      )}
      {secrets.unreadable > 0 && (
        <Text fw={500}>
          {secrets.unreadable === 1
            ? "1 secret could not be opened when the data key was changed and has to be entered again."
            : `${secrets.unreadable} secrets could not be opened when the data key was changed and have to be entered again.`}
        </Text>
      )}
      <Text>
        Change the data key when somebody who could open this computer leaves, or when the recovery code may have been
        seen. Everything is sealed again, and you get a new recovery code; the old one stops working.
      </Text>
      <Can do={organisation.ChangeKey} otherwise={<Text c="dimmed">Only an Org Admin can change it.</Text>}>
        <div>
          <Button variant="default" onClick={() => setChanging(true)}>
            Change the data key
          </Button>
        </div>
      </Can>
      {changing && <ChangeDataKey byPassphrase={byPassphrase} onClose={() => setChanging(false)} />}
    </Stack>
  );
}
