import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { window as frame } from "../../bridge/api";
import { read } from "../../bridge/query";
import { CopyButton, ErrorState, Waiting } from "../../ui";

/** The program's version and its data folder. */
export function About() {
  const state = useQuery(read(frame.State, undefined));
  if (state.error) return <ErrorState trouble={state.error} onRetry={() => void state.refetch()} />;
  if (!state.data) return <Waiting what="Asking the window" />;
  return (
    <Stack gap="md">
      <Text fw={600}>Keydesk {state.data.version}</Text>
      <div>
        <Text>The data of this office is kept in this folder:</Text>
        <Group gap="xs" wrap="nowrap">
          <Text className="mono" style={{ overflowWrap: "anywhere" }}>
            {state.data.data_folder}
          </Text>
          <CopyButton text={state.data.data_folder} label="Copy the folder's path" />
        </Group>
      </div>
      <Text c="dimmed">
        On another computer a copy of it opens with the recovery code, or with the passphrase where one is used. Close
        Keydesk before you copy it.
      </Text>
    </Stack>
  );
}
