import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { process } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { FieldCells, type FieldDraft } from "./FieldCells";
import styles from "./FieldTable.module.css";
import type { Stage } from "./words";

interface NewFieldProps {
  stage: Stage;
  onDirty: (dirty: boolean) => void;
  onClose: () => void;
}

const blank: FieldDraft = { name: "", type: "text", required: false, sample: "" };

/** The row for a new field. Enter adds the field and empties the row for the next one; Escape closes the row. */
export function NewField({ stage, onDirty, onClose }: NewFieldProps) {
  const [draft, setDraft] = useState(blank);
  const [round, setRound] = useState(0);
  const create = useMutation(write(process.CreateField));
  const errors = fieldErrors(create.error);
  const dirty = draft.name !== "" || draft.sample !== "";

  const report = useRef(onDirty);
  report.current = onDirty;
  useEffect(() => {
    report.current(dirty);
    return () => report.current(false);
  }, [dirty]);

  const add = () => {
    if (create.isPending) return;
    create.mutate(
      { stage_id: stage.id, ...draft },
      {
        onSuccess: () => {
          setDraft(blank);
          setRound((before) => before + 1);
        },
      },
    );
  };
  return (
    <>
      <tr
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onClose();
        }}
      >
        <FieldCells
          key={round}
          draft={draft}
          of="the new field"
          errors={errors}
          quiet={false}
          focusName
          onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing) add();
          }}
        />
        <td>
          <span className={styles.buttons}>
            <Button size="compact-xs" loading={create.isPending} onClick={add}>
              Add
            </Button>
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label="Close the new field" onClick={onClose}>
              <IconX size={14} />
            </ActionIcon>
          </span>
        </td>
      </tr>
      {create.error && !errors.name && !errors.type && !errors.sample && (
        <tr>
          <td colSpan={5}>
            <FaultNote fault={create.error} onClose={create.reset} />
          </td>
        </tr>
      )}
    </>
  );
}
