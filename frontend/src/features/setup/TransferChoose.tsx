import { Button, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { window } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";

interface TransferChooseProps {
  reading: boolean;
  /** Why the file was refused. */
  fault: Fault | null;
  onRead: (text: string, file: string) => void;
  onCancel: () => void;
}

/** Takes the file, chosen or pasted. */
export function TransferChoose({ reading, fault, onRead, onCancel }: TransferChooseProps) {
  const [pasted, setPasted] = useState("");
  const [unread, setUnread] = useState<Fault | null>(null);
  const choose = async () => {
    setUnread(null);
    try {
      const chosen = await ask(window.ReadText, { title: "Choose a file of setups", pattern: "*.json" });
      if (chosen.chosen) onRead(chosen.text, chosen.name);
    } catch (cause) {
      setUnread(faultOf(cause));
    }
  };
  const shown = unread ?? fault;
  return (
    <>
      <Text size="sm">
        Choose a file made with Export setups, here or in another office. You see what it would do before anything is
        saved. Secrets are never in it; they are typed afterwards.
      </Text>
      <Group mt="md">
        <Button variant="default" loading={reading} onClick={() => void choose()}>
          Choose file
        </Button>
      </Group>
      <Textarea
        mt="md"
        label="Or paste its text here"
        rows={8}
        spellCheck={false}
        classNames={{ input: "mono" }}
        value={pasted}
        onChange={(event) => setPasted(event.currentTarget.value)}
      />
      {shown && (
        <div style={{ marginTop: "1rem" }}>
          <FaultNote fault={shown} />
        </div>
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        {pasted.trim() !== "" && (
          <Button loading={reading} onClick={() => onRead(pasted, "")}>
            Preview
          </Button>
        )}
      </Group>
    </>
  );
}
