import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { BidiSafe, Modal } from "../../ui";
import styles from "./Setup.module.css";
import type { Applied } from "./useProvider";

interface SeeChangesProps {
  name: string;
  changes: Applied["changes"];
  onTake: () => void;
  onClose: () => void;
}

/** How the request of the provider's file differs from this one. Nothing changes before it is accepted. */
export function SeeChanges({ name, changes, onTake, onClose }: SeeChangesProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>What is different in {name} today</strong>}
      size="lg"
      withCloseButton={false}
    >
      <Stack gap="md">
        {changes.length === 0 ? (
          <Text>The request is the same. Only the file's number is newer.</Text>
        ) : (
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Part</Table.Th>
                <Table.Th>In this setup</Table.Th>
                <Table.Th>In the newer file</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map((change) => (
                <Table.Tr key={change.what}>
                  <Table.Td>
                    <BidiSafe text={change.what} />
                  </Table.Td>
                  <Table.Td className={`mono ${styles.whole}`}>
                    {change.from ? <BidiSafe text={change.from} /> : "not there"}
                  </Table.Td>
                  <Table.Td className={`mono ${styles.whole}`}>
                    {change.to ? <BidiSafe text={change.to} /> : "not there"}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Leave it as it is
          </Button>
          <Button onClick={onTake}>Use the newer request</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
