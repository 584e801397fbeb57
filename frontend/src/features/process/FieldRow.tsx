import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type Fault, faultOf, fieldErrors } from "../../bridge/fault";
import { invalidate, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { FieldCells, type FieldDraft } from "./FieldCells";
import styles from "./FieldTable.module.css";
import { type Field, typeLabels } from "./words";

interface FieldRowProps {
  field: Field;
  first: boolean;
  last: boolean;
  onMove: (direction: "up" | "down") => void;
  onDelete: () => void;
  onDirty: (dirty: boolean) => void;
}

const draftOf = ({ name, type, required, sample }: Field): FieldDraft => ({ name, type, required, sample });
const same = (a: FieldDraft, b: FieldDraft) =>
  a.name === b.name && a.type === b.type && a.required === b.required && a.sample === b.sample;

/**
 * One stage field. A choice is saved at once, and text with Enter or on leaving its cell; Escape undoes what was typed.
 * What Go refuses stays in the row, with the message at its cell.
 */
export function FieldRow({ field, first, last, onMove, onDelete, onDirty }: FieldRowProps) {
  const client = useQueryClient();
  const mayEdit = useCan(process.UpdateField);
  const mayMove = useCan(process.MoveField);
  const mayDelete = useCan(process.DeleteField);
  const { mutateAsync } = useMutation(write(process.UpdateField));
  const kept = useRef(field);
  const [draft, setDraft] = useState(() => draftOf(field));
  const latest = useRef(draft);
  const [fault, setFault] = useState<Fault | null>(null);
  const saving = useRef<Promise<void>>(Promise.resolve());

  const put = (next: FieldDraft) => {
    latest.current = next;
    setDraft(next);
  };

  // Somebody else's change is shown if nothing was typed here; otherwise Go reports it when this is saved.
  useEffect(() => {
    if (field.version <= kept.current.version) return;
    const untouched = same(latest.current, draftOf(kept.current));
    if (!untouched) return;
    kept.current = field;
    latest.current = draftOf(field);
    setDraft(draftOf(field));
  }, [field]);

  const report = useRef(onDirty);
  report.current = onDirty;
  useEffect(() => {
    report.current(fault !== null);
    return () => report.current(false);
  }, [fault]);

  // One after the other, so that quick changes do not conflict as if two people had made them.
  const keep = () => {
    saving.current = saving.current.then(async () => {
      const wanted = latest.current;
      if (same(wanted, draftOf(kept.current))) return setFault(null);
      try {
        const saved = await mutateAsync({ id: kept.current.id, version: kept.current.version, ...wanted });
        kept.current = saved;
        setFault(null);
        // Go trims and completes the values; what was typed meanwhile is kept.
        if (same(latest.current, wanted)) put(draftOf(saved));
      } catch (cause) {
        setFault(faultOf(cause));
      }
    });
  };
  const undo = () => {
    put(draftOf(kept.current));
    setFault(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      if (event.key === "ArrowUp" ? !first : !last) onMove(event.key === "ArrowUp" ? "up" : "down");
    } else if (event.key === "Enter") keep();
    else if (event.key === "Escape" && !same(latest.current, draftOf(kept.current))) {
      event.stopPropagation();
      undo();
    }
  };

  const errors = fieldErrors(fault);
  const elsewhere = fault !== null && !errors.name && !errors.type && !errors.sample;
  return (
    <>
      <tr className={styles.row}>
        {mayEdit ? (
          <FieldCells
            draft={draft}
            of={kept.current.name}
            errors={errors}
            quiet
            onChange={(part, settled) => {
              put({ ...latest.current, ...part });
              if (settled) keep();
            }}
            onLeave={keep}
            onKeyDown={onKeyDown}
          />
        ) : (
          <PlainCells field={field} />
        )}
        <td>
          <span className={styles.buttons}>
            {mayMove && !first && (
              <RowButton label={`Move ${field.name} up`} tip="Move up (Alt+Up)" onClick={() => onMove("up")}>
                <IconArrowUp size={14} />
              </RowButton>
            )}
            {mayMove && !last && (
              <RowButton label={`Move ${field.name} down`} tip="Move down (Alt+Down)" onClick={() => onMove("down")}>
                <IconArrowDown size={14} />
              </RowButton>
            )}
            {mayDelete && (
              <RowButton label={`Delete ${field.name}`} tip="Delete field" onClick={onDelete}>
                <IconTrash size={14} />
              </RowButton>
            )}
          </span>
        </td>
      </tr>
      {elsewhere && (
        <tr>
          <td colSpan={5}>
            <FaultNote
              fault={fault}
              onClose={undo}
              onReload={() => {
                kept.current = field;
                put(draftOf(field));
                setFault(null);
                void invalidate(client, "process");
              }}
            />
          </td>
        </tr>
      )}
    </>
  );
}

function PlainCells({ field }: { field: Field }) {
  const sample = field.type === "boolean" ? ({ true: "Yes", false: "No" }[field.sample] ?? "") : field.sample;
  return (
    <>
      <td dir="auto">
        <span className={styles.plain}>{field.name}</span>
      </td>
      <td>
        <span className={styles.plain}>{typeLabels[field.type]}</span>
      </td>
      <td>
        <span className={styles.check}>
          <span className={styles.plain}>{field.required ? "Yes" : "No"}</span>
        </span>
      </td>
      <td dir="auto">
        <span className={styles.plain}>{sample}</span>
      </td>
    </>
  );
}

interface RowButtonProps {
  label: string;
  tip: string;
  onClick: () => void;
  children: React.ReactNode;
}

function RowButton({ label, tip, onClick, children }: RowButtonProps) {
  return (
    <Tooltip label={tip}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
