import { Button, Group, Text } from "@mantine/core";
import { erase } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { EraseText } from "../../shell/EraseText";
import { BidiSafe, Modal } from "../../ui";

interface OldValueProps {
  /** The setup that was saved. */
  name: string;
  /** What it held as plain text before. */
  texts: string[];
  onClose: () => void;
}

const title = "The old value is in the history";

/** After a save that made a plain value secret: says where the old one still is, and offers to erase it. */
export function OldValue({ name, texts, onClose }: OldValueProps) {
  const mayErase = useCan(erase.Text);
  const why = (
    <Text>
      “<BidiSafe text={name} />” was saved or tested with{" "}
      {texts.length === 1 ? "this value" : `these ${texts.length} values`} as plain text before. Activity, the calls and
      the data file still hold {texts.length === 1 ? "it" : "them"}. Have it withdrawn at the provider.
    </Text>
  );
  if (mayErase)
    return (
      <EraseText title={title} texts={texts} onClose={onClose}>
        {why}
      </EraseText>
    );
  return (
    <Modal opened onClose={onClose} title={<strong>{title}</strong>} withCloseButton={false}>
      {why}
      <Text mt="md">Only an Org Admin can erase it here. Ask one: under Activity, “Erase a text”.</Text>
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Modal>
  );
}
