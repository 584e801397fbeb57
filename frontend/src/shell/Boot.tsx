import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FocusEvent, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useChangeHints } from "../bridge/event";
import { invalidate, type Operation, read, sessionScope } from "../bridge/query";
import { reportPainted } from "../bridge/runtime";
import { noSession, type Session, type SessionDoor, SessionProvider } from "../bridge/session";
import { ErrorState } from "../ui/ErrorState";
import { Waiting } from "../ui/Waiting";
import { afterPaint } from "./afterPaint";
import styles from "./Boot.module.css";
import type { BootScreenName, BootScreens } from "./bootScreens";
import { ErrorBoundary } from "./ErrorBoundary";
import { type Entry, firstOf } from "./entries";
import { useIdleReport } from "./idle";
import type { OfficeProps } from "./Office";
import { preload } from "./preload";

const office = preload<OfficeProps>(async () => {
  // One after the other: the office's own rules come after those of the parts they are about.
  await import("./officeStyles");
  return import("./Office");
});

interface BootProps {
  door: SessionDoor;
  gates: BootScreens;
  entries: Entry[];
}

const gateOf: Partial<Record<Session["state"], BootScreenName>> = {
  first_run: "FirstRun",
  unlock: "Unlock",
  signed_out: "SignIn",
  must_change: "MustChange",
};

/** How far the window is between starting and working, asked like an operation. */
function stateOf(door: SessionDoor): Operation<unknown, Session> {
  return { name: `${sessionScope}.state`, mode: "read", public: true, call: door.state };
}

/** What the window's log calls each gate. */
const seenAs: Record<BootScreenName, string> = {
  FirstRun: "first-run",
  Unlock: "unlock",
  SignIn: "signed-out",
  MustChange: "must-change",
  Locked: "locked",
};

/** Everything between starting and working, and the lock above the work (product.md 3). */
export function Boot({ door, gates, entries }: BootProps) {
  const client = useQueryClient();
  useChangeHints();
  const [given] = useState(() => door.given?.());
  const reading = useQuery({
    ...read(stateOf(door), undefined),
    staleTime: Number.POSITIVE_INFINITY,
    initialData: given,
  });
  const session: Session = reading.data ?? noSession;
  const { state } = session;

  const again = useCallback(() => void invalidate(client, sessionScope), [client]);
  // What changed between the writing of the page and now was told to nobody.
  useEffect(() => (given ? afterPaint(again) : undefined), [given, again]);
  const touch = useCallback(() => void door.touch().catch(() => {}), [door]);
  useIdleReport(touch, state === "ready", session.idle_minutes * 60_000, again);
  useForgetting(session);
  const noteFocus = useFocusAgain(state);
  const atGate = gateOf[state] !== undefined;
  useEffect(() => {
    // A gate says itself when it can be seen.
    if (state !== "opening" && !atGate && state !== "locked") reportPainted(state);
  }, [state, atGate]);
  // While the person types, the office is made ready.
  const prepare = useCallback(() => void office.fetch().then(() => firstOf(entries)?.fetch?.()), [entries]);

  if (reading.error && !reading.data) {
    return (
      <Middle>
        <ErrorState trouble={reading.error} onRetry={() => void reading.refetch()} />
      </Middle>
    );
  }
  if (state === "failed") {
    const { code, message, hint } = session.failure;
    return (
      <Middle>
        <ErrorState trouble={{ message: message || "Keydesk could not open.", hint, details: code }} onRetry={again} />
      </Middle>
    );
  }
  if (state === "opening") {
    return <Opening what="Opening the office" />;
  }

  const gate = gateOf[state];
  return (
    <SessionProvider value={session}>
      {gate ? (
        <Gate name={gate} gates={gates} onSeen={prepare} />
      ) : (
        <>
          {/* Kept while locked, so that an unsaved form is there again; another person gets a fresh one. */}
          <div
            className={styles.office}
            key={session.user.id}
            inert={state === "locked"}
            hidden={state === "locked"}
            onFocusCapture={noteFocus}
          >
            <Suspense fallback={<Opening />}>
              <office.Shown entries={entries} door={door} onSession={again} locked={state === "locked"} />
            </Suspense>
          </div>
          {state === "locked" && (
            <div className={styles.lock} data-locked="true">
              <Gate name="Locked" gates={gates} />
            </div>
          )}
        </>
      )}
    </SessionProvider>
  );
}

/** Unlocking puts the cursor back where it stood, also inside a dialog. Gives what notes the focus. */
function useFocusAgain(state: Session["state"]): (event: FocusEvent<HTMLElement>) => void {
  const last = useRef<HTMLElement | null>(null);
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "locked" && state === "ready" && last.current?.isConnected) last.current.focus();
    before.current = state;
  }, [state]);
  return useCallback((event) => {
    last.current = event.target;
  }, []);
}

/** What one person was shown is not kept for the next. */
function useForgetting(session: Session): void {
  const client = useQueryClient();
  const owner = useRef("");
  const wasLocked = useRef(false);
  useEffect(() => {
    const { state, user } = session;
    if (state === "opening" || state === "failed") return;
    const keeps = state === "ready" || state === "locked";
    const next = keeps ? user.id : "";
    if (owner.current && owner.current !== next) {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionScope });
    } else if (wasLocked.current && state === "ready") {
      // Reads that were refused meanwhile look again.
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionScope });
    }
    owner.current = next;
    wasLocked.current = state === "locked";
  }, [client, session]);
}

interface GateProps {
  name: BootScreenName;
  gates: BootScreens;
  onSeen?: () => void;
}

function Gate({ name, gates, onSeen }: GateProps) {
  const Shown = gates[name];
  if (!Shown) {
    return (
      <Middle>
        <ErrorState
          trouble={{
            message: "This build of Keydesk is not complete.",
            hint: "Install it again.",
            details: `gate ${name}`,
          }}
        />
      </Middle>
    );
  }
  return (
    <ErrorBoundary place={name}>
      <Suspense fallback={<Opening />}>
        <Shown />
        <Seen name={name} onSeen={onSeen} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Tells the window when a gate can be seen; inside the boundary, so that it waits for the gate's code. */
function Seen({ name, onSeen }: { name: BootScreenName; onSeen?: () => void }) {
  useEffect(
    () =>
      afterPaint(() => {
        reportPainted(seenAs[name]);
        onSeen?.();
      }),
    [name, onSeen],
  );
  return null;
}

function Opening({ what = "Opening" }: { what?: string }) {
  return (
    <Middle>
      <Waiting what={what} />
    </Middle>
  );
}

function Middle({ children }: { children: React.ReactNode }) {
  return <main className={styles.middle}>{children}</main>;
}
