import { Button, Group } from "@mantine/core";
import { Modal } from "../ui/Dialogs";
import { AppearanceFields } from "./AppearanceFields";

/** Appearance from the person's menu, for those too who may not see Settings. */
export function AppearanceDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={<strong>Appearance</strong>} withCloseButton={false}>
      <AppearanceFields />
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Modal>
  );
}
