import { Button } from "@mantine/core";
import { useState } from "react";
import { type Fault, faultOf } from "../bridge/fault";
import type { Session, SessionDoor } from "../bridge/session";
import { ErrorState } from "../ui/ErrorState";
import { Note } from "../ui/Note";

interface FailedProps {
  failure: Session["failure"];
  door: SessionDoor;
  /** Called after each try, since the session may have changed. */
  onDone: () => void;
}

/**
 * Why the data could not be opened, and what helps: to try again, to read what is left of damaged data, or to restore a
 * copy that was kept before an update.
 */
export function Failed({ failure, door, onDone }: FailedProps) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Fault | null>(null);
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setTrouble(null);
    try {
      await act();
    } catch (cause) {
      setTrouble(faultOf(cause));
    }
    setBusy(false);
    onDone();
  };
  return (
    <div>
      <ErrorState
        trouble={{ message: failure.message || "Keydesk could not open.", hint: failure.hint, details: failure.code }}
        onRetry={busy ? undefined : () => void run(door.reopen)}
      >
        {failure.readable && (
          <Button variant="default" loading={busy} onClick={() => void run(door.openForReading)}>
            Open for reading
          </Button>
        )}
        {failure.copies.map(({ name, changed_ms }) => (
          <Button
            key={name}
            variant="default"
            loading={busy}
            title={name}
            onClick={() => void run(() => door.restoreCopy(name))}
          >
            Restore the copy of {dayAndTime(changed_ms)}
          </Button>
        ))}
      </ErrorState>
      {trouble && (
        <Note tone="red">
          {trouble.message} {trouble.hint}
        </Note>
      )}
    </div>
  );
}

/** "12 Nov 2026, 14:03" */
function dayAndTime(atMs: number): string {
  return new Date(atMs).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}
