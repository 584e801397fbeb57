import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { process } from "../../bridge/api";
import { type Fault, faultOf, fieldErrors } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useFocusKept } from "../../ui";
import { FieldCells, type FieldDraft } from "./FieldCells";
import styles from "./FieldTable.module.css";
import type { Stage } from "./words";

interface NewFieldProps {
  stage: Stage;
  onDirty: (dirty: boolean) => void;
  onClose: () => void;
}

const blank: FieldDraft = { name: "", type: "text", required: false, sample: "" };

/**
 * The rows for new fields. Enter adds the field and opens the row for the next one at once, so that typing goes on while
 * the first is being saved. What Go refuses stays in its row. Escape closes a row.
 */
export function NewField({ stage, onDirty, onClose }: NewFieldProps) {
  const [rows, setRows] = useState([0]);
  const [filled, setFilled] = useState<ReadonlySet<number>>(new Set());
  // One after the other, so that the fields get the order in which they were typed.
  const adding = useRef<Promise<unknown>>(Promise.resolve());
  const { mutateAsync } = useMutation(write(process.CreateField));

  const latest = useRef(filled);
  latest.current = filled;
  const dirty = filled.size > 0;
  const report = useRef(onDirty);
  report.current = onDirty;
  useEffect(() => {
    report.current(dirty);
    return () => report.current(false);
  }, [dirty]);

  const drop = (row: number) => setRows((now) => now.filter((each) => each !== row));
  const create = (row: number, draft: FieldDraft) => {
    setRows((now) => (now.at(-1) === row ? [...now, row + 1] : now));
    const added = adding.current.then(() => mutateAsync({ stage_id: stage.id, ...draft }));
    adding.current = added.catch(() => {});
    return added.then(
      () => drop(row),
      (cause) => {
        // The next row is not needed yet.
        if (!latest.current.has(row + 1)) drop(row + 1);
        throw cause;
      },
    );
  };
  return rows.map((row) => (
    <NewRow
      key={row}
      onAdd={(draft) => create(row, draft)}
      onFilled={(yes) => setFilled((now) => new Set(yes ? [...now, row] : [...now].filter((each) => each !== row)))}
      onClose={() => (rows.length === 1 ? onClose() : drop(row))}
    />
  ));
}

interface NewRowProps {
  /** Rejects with a fault, which is shown in the row. */
  onAdd: (draft: FieldDraft) => Promise<void>;
  onFilled: (filled: boolean) => void;
  onClose: () => void;
}

function NewRow({ onAdd, onFilled, onClose }: NewRowProps) {
  const [draft, setDraft] = useState(blank);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const root = useRef<HTMLTableRowElement>(null);
  const errors = fieldErrors(fault);
  useFocusKept(busy, () => root.current?.querySelector("input"));
  const filled = draft.name !== "" || draft.sample !== "";

  const report = useRef(onFilled);
  report.current = onFilled;
  useEffect(() => {
    report.current(filled);
    return () => report.current(false);
  }, [filled]);

  const add = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await onAdd(draft);
    } catch (cause) {
      setFault(faultOf(cause));
      setBusy(false);
    }
  };
  return (
    <>
      <tr
        ref={root}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || busy) return;
          event.stopPropagation();
          onClose();
        }}
      >
        <FieldCells
          draft={draft}
          of="the new field"
          errors={errors}
          quiet={false}
          focusName
          readOnly={busy}
          onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing) void add();
          }}
        />
        <td>
          <span className={styles.buttons}>
            <Button size="compact-xs" loading={busy} onClick={() => void add()}>
              Add
            </Button>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label="Close the new field"
              disabled={busy}
              onClick={onClose}
            >
              <IconX size={14} />
            </ActionIcon>
          </span>
        </td>
      </tr>
      {fault && !errors.name && !errors.type && !errors.sample && (
        <tr>
          <td colSpan={5}>
            <FaultNote fault={fault} onClose={() => setFault(null)} />
          </td>
        </tr>
      )}
    </>
  );
}
