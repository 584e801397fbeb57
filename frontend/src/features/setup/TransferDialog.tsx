import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type model, transfer } from "../../bridge/api";
import { type Plain, write } from "../../bridge/query";
import { Modal } from "../../ui";
import { TransferChoose } from "./TransferChoose";
import { TransferPreview } from "./TransferPreview";
import { TransferResult } from "./TransferResult";

export type Imported = Plain<model.transfer.Imported>;

/** Imports a file of setups: it is chosen, shown row by row, then imported. Nothing is saved before Import. */
export function TransferDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [file, setFile] = useState("");
  const look = useMutation(write(transfer.Preview));
  const run = useMutation(write(transfer.Import, { refreshes: ["setup"] }));

  const read = (next: string, name: string) => {
    setText(next);
    setFile(name);
    run.reset();
    look.mutate({ text: next });
  };
  const importRows = (rows: Plain<model.transfer.Choice>[]) => run.mutate({ text, rows });
  const step = run.data ? "result" : look.data ? "preview" : "choose";

  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>Import setups</strong>}
      size={step === "preview" ? "64rem" : "lg"}
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      {run.data && <TransferResult done={run.data} onClose={onClose} />}
      {!run.data && look.data && (
        <TransferPreview
          key={look.submittedAt}
          file={file}
          preview={look.data}
          importing={run.isPending}
          fault={run.error}
          onBack={() => look.reset()}
          onLookAgain={() => read(text, file)}
          onCancel={onClose}
          onImport={importRows}
        />
      )}
      {step === "choose" && (
        <TransferChoose reading={look.isPending} fault={look.error} onRead={read} onCancel={onClose} />
      )}
    </Modal>
  );
}
