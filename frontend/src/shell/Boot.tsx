import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FocusEvent, Suspense, useCallback, useEffect, useRef } from "react";
import { useChangeHints } from "../bridge/event";
import { lookAgain, read, sessionShelf } from "../bridge/query";
import { reportPainted } from "../bridge/runtime";
import { noSession, type Session, type SessionDoor, SessionProvider } from "../bridge/session";
import { ErrorState } from "../ui/ErrorState";
import { Waiting } from "../ui/Waiting";
import styles from "./Boot.module.css";
import type { Entry } from "./entries";
import type { GateName, Gates } from "./gates";
import { useIdleReport } from "./idle";
import { Mishap } from "./Mishap";
import { Office } from "./Office";

interface BootProps {
  door: SessionDoor;
  gates: Gates;
  entries: Entry[];
}

const gateOf: Partial<Record<Session["state"], GateName>> = {
  first_run: "FirstRun",
  unlock: "Unlock",
  signed_out: "SignIn",
  must_change: "MustChange",
};

/** Everything between starting and working, and the lock above the work (product.md 3). */
export function Boot({ door, gates, entries }: BootProps) {
  const client = useQueryClient();
  useChangeHints();
  const reading = useQuery({ ...read("session.state", door.state, undefined), staleTime: Number.POSITIVE_INFINITY });
  const session: Session = reading.data ?? noSession;
  const { state } = session;

  const again = useCallback(() => void lookAgain(client, sessionShelf), [client]);
  const touch = useCallback(() => void door.touch().catch(() => {}), [door]);
  useIdleReport(touch, state === "ready", session.idle_minutes * 60_000, again);
  useForgetting(session);
  const noteFocus = useFocusAgain(state);
  useEffect(() => {
    if (state !== "opening") reportPainted(state.replace("_", "-"));
  }, [state]);

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
    return (
      <Middle>
        <Waiting what="Opening the office" />
      </Middle>
    );
  }

  const gate = gateOf[state];
  return (
    <SessionProvider value={session}>
      {gate ? (
        <Gate name={gate} gates={gates} />
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
            <Office entries={entries} door={door} onSession={again} locked={state === "locked"} />
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
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionShelf });
      notifications.clean();
    } else if (wasLocked.current && state === "ready") {
      // Reads that were refused meanwhile look again.
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionShelf });
    }
    owner.current = next;
    wasLocked.current = state === "locked";
  }, [client, session]);
}

function Gate({ name, gates }: { name: GateName; gates: Gates }) {
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
    <Mishap place={name}>
      <Suspense
        fallback={
          <Middle>
            <Waiting what="Opening" />
          </Middle>
        }
      >
        <Shown />
      </Suspense>
    </Mishap>
  );
}

function Middle({ children }: { children: React.ReactNode }) {
  return <main className={styles.middle}>{children}</main>;
}
