import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import type { Fault } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { useConfirm } from "../../ui";
import { FieldRow } from "./FieldRow";
import styles from "./FieldTable.module.css";
import { NewField } from "./NewField";
import type { Field, Stage } from "./words";

interface FieldTableProps {
  stage: Stage;
  onFault: (fault: Fault | null) => void;
  onDirty: (id: string, dirty: boolean) => void;
}

/** A stage's fields; each is changed in its row (A12). */
export function FieldTable({ stage, onFault, onDirty }: FieldTableProps) {
  const confirm = useConfirm();
  const mayCreate = useCan(process.CreateField);
  const [adding, setAdding] = useState(false);
  const remove = useMutation(write(process.DeleteField));
  const move = useMutation(write(process.MoveField));
  const fields = stage.fields;

  const askDelete = async (field: Field) => {
    const yes = await confirm({
      question: `Delete the stage field “${field.name}”?`,
      consequence: `The stage ${stage.name} loses it and its sample value.`,
      yes: "Delete",
      no: "Keep",
      danger: true,
    });
    if (!yes) return;
    onFault(null);
    remove.mutate({ id: field.id, version: field.version }, { onError: onFault });
  };
  const moveField = (field: Field, direction: "up" | "down") => {
    if (!move.isPending) move.mutate({ id: field.id, direction }, { onError: onFault });
  };

  return (
    <>
      {(fields.length > 0 || adding) && (
        <table className={styles.table} aria-label={`Stage fields of ${stage.name}`}>
          <thead>
            <tr>
              <th scope="col">Stage Field</th>
              <th scope="col" className={styles.type}>
                Type
              </th>
              <th scope="col" className={styles.required}>
                Required
              </th>
              <th scope="col">Sample value</th>
              <th scope="col" className={styles.tools}>
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field, index) => (
              <FieldRow
                key={field.id}
                field={field}
                first={index === 0}
                last={index === fields.length - 1}
                onMove={(direction) => moveField(field, direction)}
                onDelete={() => void askDelete(field)}
                onDirty={(dirty) => onDirty(field.id, dirty)}
              />
            ))}
            {adding && (
              <NewField
                stage={stage}
                onDirty={(dirty) => onDirty(`new in ${stage.id}`, dirty)}
                onClose={() => setAdding(false)}
              />
            )}
          </tbody>
        </table>
      )}
      {!adding && (
        <div className={styles.foot}>
          {fields.length === 0 && (
            <span className={styles.none}>No stage fields. They are the values a record has here, such as Mobile.</span>
          )}
          {mayCreate && (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
              aria-label={`Add field to ${stage.name}`}
              onClick={() => setAdding(true)}
            >
              Add field
            </Button>
          )}
        </div>
      )}
    </>
  );
}
