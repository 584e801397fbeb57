import { Button, Group, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { provider, window } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { Modal, Note, useFocusKept } from "../../ui";
import { FaultList } from "./FileFaults";
import { PreviewOfFile } from "./PreviewOfFile";
import styles from "./Provider.module.css";
import type { FilePreview } from "./types";

interface AddProviderProps {
  /** The person's own provider that the file should replace. */
  replaces?: { id: string; name: string };
  onClose: () => void;
  onAdded: (id: string) => void;
}

/** Takes a provider file, chosen or pasted, and shows what it would do before it is added. */
export function AddProvider({ replaces, onClose, onAdded }: AddProviderProps) {
  const [text, setText] = useState("");
  const [file, setFile] = useState("");
  const [preview, setPreview] = useState<FilePreview | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusKept(busy, () => box.current?.querySelector<HTMLElement>("[data-next]"));
  const run = useMutation(write(provider.Import));

  const look = async (name: string, content: string) => {
    setBusy(true);
    setFault(null);
    try {
      setPreview(await ask(provider.PreviewImport, { name, text: content }));
    } catch (cause) {
      setPreview(null);
      setFault(faultOf(cause));
    } finally {
      setBusy(false);
    }
  };
  const choose = async () => {
    setFault(null);
    try {
      const chosen = await ask(window.ReadText, { title: "Choose a provider file", pattern: "*.yaml;*.yml" });
      if (!chosen.chosen) return;
      setFile(chosen.name);
      setText(chosen.text);
      await look(chosen.name, chosen.text);
    } catch (cause) {
      setFault(faultOf(cause));
    }
  };
  const add = () =>
    run.mutate(
      { name: file, text },
      {
        onError: setFault,
        onSuccess: (made) => {
          notifications.show({ message: `Added “${made.name}”.` });
          onAdded(made.id);
        },
      },
    );
  const wrong = preview !== null && preview.faults.length > 0;
  const title = replaces ? `Replace “${replaces.name}”` : "Add a provider";

  return (
    <Modal opened onClose={onClose} size="lg" withCloseButton={false} title={<strong>{title}</strong>}>
      {preview === null ? (
        <>
          <Text size="sm">
            A provider file ends in .yaml and says how an API is called and what its answers mean. Somebody can share
            one with you. It holds no keys.
          </Text>
          <Group mt="md">
            <Button variant="default" onClick={() => void choose()}>
              Choose file
            </Button>
          </Group>
          <Textarea
            ref={field}
            mt="md"
            label="Or paste its text here"
            rows={10}
            value={text}
            spellCheck={false}
            classNames={{ input: "mono" }}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setFile("");
            }}
          />
        </>
      ) : wrong ? (
        <div className={styles.preview}>
          <Text size="sm" role="status">
            {file ? `${file} cannot be used yet.` : "This text cannot be used yet."} Fix what is listed here, then try
            again. Nothing was added.
          </Text>
          <Note tone="red" alert={false}>
            <FaultList faults={preview.faults} label="What is wrong" />
          </Note>
        </div>
      ) : (
        preview.provider && <PreviewOfFile preview={preview} made={preview.provider} replaces={replaces} />
      )}
      {fault && <FaultNote fault={fault} onClose={() => setFault(null)} />}
      <Group ref={box} justify="flex-end" gap="xs" mt="lg">
        {preview && (
          <Button
            variant="default"
            data-next={wrong || undefined}
            onClick={() => {
              setPreview(null);
              setTimeout(() => field.current?.focus());
            }}
          >
            Back
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {preview === null && text.trim() !== "" && (
          <Button loading={busy} onClick={() => void look(file, text)}>
            Preview
          </Button>
        )}
        {preview !== null && !wrong && (
          <Button data-next loading={run.isPending} onClick={add}>
            {preview.replaces > 0 ? "Replace" : "Add"}
          </Button>
        )}
      </Group>
    </Modal>
  );
}
