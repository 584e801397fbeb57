import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { provider } from "../../bridge/api";
import { read } from "../../bridge/query";
import { CodeView, CopyButton, ErrorState, Modal, Waiting } from "../../ui";
import styles from "./Provider.module.css";
import { useFiles } from "./useFiles";

/** The format of a provider file, as an example that works and explains itself. */
export function HowToWrite({ onClose }: { onClose: () => void }) {
  const example = useQuery(read(provider.Example, undefined));
  const { saveExample } = useFiles();
  return (
    <Modal opened onClose={onClose} size="58rem" withCloseButton={false} title={<strong>How to write one</strong>}>
      <Text size="sm">
        A provider is one text file: what a person fills in, the request that is made from it, which answers mean
        accepted, what errors mean, and what the simulator plays. This example works as it is, and its comments explain
        every part. Save it, change the id and the name, then the rest. When you add it, Keydesk names each line that is
        not right yet. Such a file never contains keys.
      </Text>
      <div className={styles.example}>
        {example.error ? (
          <ErrorState trouble={example.error} onRetry={() => void example.refetch()} />
        ) : example.data ? (
          <CodeView value={example.data.text} language="text" label="Example of a provider file" />
        ) : (
          <Waiting what="Reading the example" />
        )}
      </div>
      <Group justify="flex-end" gap="xs" mt="lg">
        {example.data && <CopyButton text={example.data.text} label="Copy the example" />}
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {example.data && <Button onClick={() => void saveExample(example.data)}>Save example</Button>}
      </Group>
    </Modal>
  );
}
