import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { type Fault, faultOf, fieldErrors } from "../../bridge/fault";
import { FaultNote } from "../../shell/FaultNote";
import styles from "./NameInPlace.module.css";

interface NameInPlaceProps {
  name: string;
  /** "Rename Orders". */
  label: string;
  /** The name as shown, in a heading of the right level. */
  children: ReactNode;
  /** Rejects with a fault, which is shown at the field. */
  onRename: (name: string) => Promise<unknown>;
  onReload: () => void;
  readOnly: boolean;
}

/** A name with a pencil button: Enter or leaving the field saves the new name, Escape keeps the old one. */
export function NameInPlace({ name, label, children, onRename, onReload, readOnly }: NameInPlaceProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const error = fieldErrors(fault).name;

  const stop = () => {
    setTyped(null);
    setFault(null);
    setTimeout(() => pencil.current?.focus(), 0);
  };
  const keep = async () => {
    if (typed === null || busy) return;
    if (typed.trim() === name) return stop();
    setBusy(true);
    try {
      await onRename(typed);
      stop();
    } catch (cause) {
      setFault(faultOf(cause));
    } finally {
      setBusy(false);
    }
  };

  if (typed === null) {
    return (
      <div className={styles.line}>
        {children}
        {!readOnly && (
          <Tooltip label="Rename">
            <ActionIcon ref={pencil} variant="subtle" color="gray" aria-label={label} onClick={() => setTyped(name)}>
              <IconPencil size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    );
  }
  return (
    <div className={styles.edit}>
      <TextInput
        aria-label={label}
        autoFocus
        dir="auto"
        maxLength={200}
        value={typed}
        error={error}
        disabled={busy}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => void keep()}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") void keep();
          if (event.key === "Escape") {
            event.stopPropagation();
            stop();
          }
        }}
      />
      {fault && !error && (
        <FaultNote
          fault={fault}
          onReload={() => {
            stop();
            onReload();
          }}
        />
      )}
    </div>
  );
}
