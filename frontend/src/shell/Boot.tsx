import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type FocusEvent,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useChangeHints } from "../bridge/event";
import { invalidate, type Operation, read, sessionScope } from "../bridge/query";
import { reportPainted } from "../bridge/runtime";
import { noSession, type Session, type SessionDoor, SessionProvider } from "../bridge/session";
import { ErrorState } from "../ui/ErrorState";
import { topDialog, useLayer } from "../ui/layers";
import { Waiting } from "../ui/Waiting";
import { afterPaint } from "./afterPaint";
import { showAppearance } from "./appearance";
import styles from "./Boot.module.css";
import type { BootScreenName, BootScreens } from "./bootScreens";
import { ErrorBoundary } from "./ErrorBoundary";
import { type Entry, firstOf } from "./entries";
import { Failed } from "./Failed";
import { useIdleReport } from "./idle";
import type { OfficeProps } from "./Office";
import { preload } from "./preload";

const office = preload<OfficeProps>(async () => {
  // In this order, so that the office's own rules come after those of the parts that they change.
  await import("./officeStyles");
  return import("./Office");
});

interface BootProps {
  door: SessionDoor;
  gates: BootScreens;
  entries: Entry[];
}

const screenOf: Partial<Record<Session["state"], BootScreenName>> = {
  first_run: "FirstRun",
  unlock: "Unlock",
  signed_out: "SignIn",
  must_change: "MustChange",
};

/** The session's state, read like an operation. */
function stateOf(door: SessionDoor): Operation<unknown, Session> {
  return { name: `${sessionScope}.state`, mode: "read", public: true, call: door.state };
}

/** The names of the screens in the window's log. */
const logNames: Record<BootScreenName, string> = {
  FirstRun: "first-run",
  Unlock: "unlock",
  SignIn: "signed-out",
  MustChange: "must-change",
  Locked: "locked",
};

/** The screens before the office is open, the office, and the lock above it (UI.md, First run and sign-in). */
export function Boot({ door, gates, entries }: BootProps) {
  const client = useQueryClient();
  useChangeHints();
  const [initial] = useState(() => door.initial?.());
  const reading = useQuery({
    ...read(stateOf(door), undefined),
    staleTime: Number.POSITIVE_INFINITY,
    initialData: initial,
  });
  const session: Session = reading.data ?? noSession;
  const { state } = session;
  useShownAppearance(session);

  const refresh = useCallback(() => void invalidate(client, sessionScope), [client]);
  // No hint told of changes between the writing of the page and now.
  useEffect(() => (initial ? afterPaint(refresh) : undefined), [initial, refresh]);
  const touch = useCallback(() => void door.touch().catch(() => {}), [door]);
  useIdleReport(touch, state === "ready", session.idle_minutes * 60_000, refresh);
  useClearedCache(session);
  const noteFocus = useRestoredFocus(state);
  const bootScreen = screenOf[state];
  useEffect(() => {
    // The screens before the office, and the lock, report themselves once they are visible.
    if (state !== "opening" && !bootScreen && state !== "locked") reportPainted(state);
  }, [state, bootScreen]);
  // The office's code is loaded while the person types.
  const prepare = useCallback(() => void office.fetch().then(() => firstOf(entries)?.fetch?.()), [entries]);

  if (reading.error && !reading.data) {
    return (
      <Centered>
        <ErrorState trouble={reading.error} onRetry={() => void reading.refetch()} />
      </Centered>
    );
  }
  if (state === "failed") {
    return (
      <Centered>
        <Failed failure={session.failure} door={door} onDone={refresh} />
      </Centered>
    );
  }
  if (state === "opening") {
    return <Opening what="Opening the office" />;
  }

  return (
    <SessionProvider value={session}>
      {bootScreen ? (
        <BootScreen name={bootScreen} gates={gates} onSeen={prepare} />
      ) : (
        <>
          {/* Stays mounted while locked, so that an unsaved form is kept; the key gives another person a new one. */}
          <div className={styles.office} key={session.user.id} hidden={state === "locked"} onFocusCapture={noteFocus}>
            <Suspense fallback={<Opening />}>
              <office.Shown entries={entries} door={door} onSession={refresh} />
            </Suspense>
          </div>
          {state === "locked" && (
            <Lock>
              <BootScreen name="Locked" gates={gates} />
            </Lock>
          )}
        </>
      )}
    </SessionProvider>
  );
}

/**
 * Shows how Keydesk looks for whoever is here now, or was last. Only for another person: what somebody chooses is shown
 * by the choice itself, and a session that was read before would take it back.
 */
function useShownAppearance({ state, user, appearance }: Session): void {
  const person = state === "opening" || state === "failed" ? undefined : user.id;
  const shownFor = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (person === undefined || person === shownFor.current) return;
    shownFor.current = person;
    showAppearance(appearance);
  }, [person, appearance]);
}

/** Covers the office and all that is open above it, and makes it inert. Escape does nothing. */
function Lock({ children }: { children: ReactNode }) {
  const layer = useLayer(() => {}, { rank: "lock" });
  return (
    <div ref={layer} className={styles.lock} data-locked="true">
      {children}
    </div>
  );
}

/** After unlocking, gives the focus back to where it was, even in a dialog. Returns a handler that notes the focus. */
function useRestoredFocus(state: Session["state"]): (event: FocusEvent<HTMLElement>) => void {
  const last = useRef<HTMLElement | null>(null);
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "locked" && state === "ready") {
      // What had the focus may be gone, such as the palette that locked.
      const place = last.current?.isConnected ? last.current : topDialog();
      place?.focus();
    }
    before.current = state;
  }, [state]);
  return useCallback((event) => {
    last.current = event.target;
  }, []);
}

/** Empties the cache when another person signs in, so that nobody sees what was read for somebody else. */
function useClearedCache(session: Session): void {
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
      // Reads that were refused while the window was locked are read again.
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionScope });
    }
    owner.current = next;
    wasLocked.current = state === "locked";
  }, [client, session]);
}

interface BootScreenProps {
  name: BootScreenName;
  gates: BootScreens;
  onSeen?: () => void;
}

function BootScreen({ name, gates, onSeen }: BootScreenProps) {
  const Shown = gates[name];
  if (!Shown) {
    return (
      <Centered>
        <ErrorState
          trouble={{
            message: "This build of Keydesk is not complete.",
            hint: "Install it again.",
            details: `screen ${name}`,
          }}
        />
      </Centered>
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

/** Reports that a screen is visible. It is inside Suspense, so that it waits for the screen's code. */
function Seen({ name, onSeen }: { name: BootScreenName; onSeen?: () => void }) {
  useEffect(
    () =>
      afterPaint(() => {
        reportPainted(logNames[name]);
        onSeen?.();
      }),
    [name, onSeen],
  );
  return null;
}

function Opening({ what = "Opening" }: { what?: string }) {
  return (
    <Centered>
      <Waiting what={what} />
    </Centered>
  );
}

function Centered({ children }: { children: ReactNode }) {
  return <main className={styles.middle}>{children}</main>;
}
