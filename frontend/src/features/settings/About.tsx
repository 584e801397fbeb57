import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { window as frame } from "../../bridge/api";
import { read } from "../../bridge/query";
import { CopyButton, Waiting } from "../../ui";

/** Which program this is and where its data lies. */
export function About() {
  const state = useQuery(read("window.state", () => frame.State(), undefined));
  if (!state.data) return <Waiting what="Asking the window" />;
  return (
    <Stack gap="md">
      <Text>Keydesk {state.data.version}</Text>
      <div>
        <Text fw={600}>Your data is kept in</Text>
        <Group gap="xs" wrap="nowrap">
          <Text ff="monospace" style={{ overflowWrap: "anywhere" }}>
            {state.data.dataFolder}
          </Text>
          <CopyButton text={state.data.dataFolder} label="Copy the folder's path" />
        </Group>
      </div>
      <Text c="dimmed">
        A copy of this folder opens only with the recovery code, or with the passphrase where no keyring is used. It is
        no backup.
      </Text>
    </Stack>
  );
}
