import { Button, Group, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { process, window } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { Modal } from "../../ui";
import { ImportPreview, type Preview } from "./ImportPreview";
import { counted } from "./words";

/** Imports a CSV file, chosen or pasted, after showing what each line does. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [file, setFile] = useState("");
  const [preview, setPreview] = useState<Preview | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const run = useMutation(write(process.ImportCsv));

  const look = async (csv: string) => {
    setBusy(true);
    setFault(null);
    try {
      const answer = await ask(process.PreviewImport, { text: csv });
      setPreview(answer);
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
      const chosen = await ask(window.ReadText, { title: "Choose a CSV file", pattern: "*.csv" });
      if (!chosen.chosen) return;
      setFile(chosen.name);
      setText(chosen.text);
      await look(chosen.text);
    } catch (cause) {
      setFault(faultOf(cause));
    }
  };
  const importIt = () =>
    run.mutate(
      { text },
      {
        onError: setFault,
        onSuccess: (made) => {
          notifications.show({ message: `Imported: ${summaryOf(made)}.` });
          onClose();
        },
      },
    );
  const changesSomething = preview !== null && preview.places + preview.stages + preview.fields + preview.changed > 0;

  return (
    <Modal
      opened
      onClose={onClose}
      size={preview ? "xl" : "lg"}
      withCloseButton={false}
      title={<strong>Import CSV</strong>}
    >
      {preview === null ? (
        <>
          <Text size="sm">
            The first line names the columns: Process, Sub Process, Sub Sub Process, Stage, Stage Field, Type, Required,
            Sample Value. An exported file is a good start. An import never deletes anything.
          </Text>
          <Group mt="md">
            <Button variant="default" onClick={() => void choose()}>
              Choose file
            </Button>
          </Group>
          <Textarea
            mt="md"
            label="Or paste the lines here"
            rows={8}
            value={text}
            dir="auto"
            classNames={{ input: "mono" }}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setFile("");
            }}
          />
        </>
      ) : (
        <>
          <Text size="sm" role="status" mb="xs">
            {file && `${file}: `}
            {preview.errors > 0
              ? `${counted(preview.errors, "line has an error", "lines have errors")}. Correct the file and choose it again; nothing is imported until then.`
              : changesSomething
                ? `This makes ${summaryOf(preview)}.`
                : "Everything in this file is already there."}
          </Text>
          <ImportPreview preview={preview} />
        </>
      )}
      {fault && <FaultNote fault={fault} onClose={() => setFault(null)} />}
      <Group justify="flex-end" gap="xs" mt="lg">
        {preview && (
          <Button variant="default" onClick={() => setPreview(null)}>
            Back
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {preview === null && text.trim() !== "" && (
          <Button loading={busy} onClick={() => void look(text)}>
            Preview
          </Button>
        )}
        {preview !== null && preview.errors === 0 && changesSomething && (
          <Button loading={run.isPending} onClick={importIt}>
            Import
          </Button>
        )}
      </Group>
    </Modal>
  );
}

/** "1 process, 7 stages, 23 stage fields, and changes to 1 stage field". */
function summaryOf(made: { places: number; stages: number; fields: number; changed: number }): string {
  const news = [
    made.places > 0 ? counted(made.places, "process", "processes and sub processes") : "",
    made.stages > 0 ? counted(made.stages, "stage") : "",
    made.fields > 0 ? counted(made.fields, "stage field") : "",
  ].filter(Boolean);
  const changed = made.changed > 0 ? `changes to ${counted(made.changed, "stage field")}` : "";
  return [news.join(", "), changed].filter(Boolean).join(", and ");
}
