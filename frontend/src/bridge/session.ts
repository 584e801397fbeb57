import { createContext, useContext } from "react";
import * as go from "../../wailsjs/go/app/Session";
import * as app from "../../wailsjs/go/app/Window";
import type * as model from "../../wailsjs/go/models";
import { window as frameOps, user } from "./api";
import { Fault, faultOf } from "./fault";
import type { Plain } from "./operation";
import { ask } from "./query";

/** Who is signed in, what they may do, and the window's phase. It never holds a secret. */
export type Session = Plain<model.app.SessionState>;

export const noSession: Session = {
  state: "opening",
  failure: { code: "", message: "", hint: "", copies: [], readable: false },
  user: { id: "", name: "", full_name: "", roles: [], is_org_admin: false },
  organisation: "",
  country: "",
  time_zone: "",
  idle_minutes: 0,
  permissions: [],
  appearance: { scheme: "system", text_size: 100 },
  secrets: { open: false, protection: "", keyring: "", reason: "", message: "", hint: "", unreadable: 0 },
  reading_only: false,
  demo_users: [],
};

const SessionContext = createContext<Session>(noSession);

export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  return useContext(SessionContext);
}

/** How the shell reads and changes the session. */
export interface SessionDoor {
  /** The session that the page was served with; undefined when there was none. */
  initial?: () => Session | undefined;
  state: () => Promise<Session>;
  /** Reports input; called at most every 15 s. */
  touch: () => Promise<unknown>;
  /** Tries to open the data again after a failure. */
  reopen: () => Promise<unknown>;
  /** Puts a copy in place of data that is missing or damaged, and opens it. */
  restoreCopy: (name: string) => Promise<unknown>;
  /** Opens data that is damaged for reading only. */
  openForReading: () => Promise<unknown>;
  lock: () => Promise<unknown>;
  signOut: () => Promise<unknown>;
}

async function stateNow(): Promise<Session> {
  if (!window.go?.app.Session) {
    throw new Fault({
      kind: "unavailable",
      code: "page.no_window",
      message: "This page only works inside the Keydesk window.",
      hint: "Open Keydesk from the applications menu.",
    });
  }
  return (await go.State()) as Session;
}

/** The door of the real window: the frame answers while the backend opens, and the backend afterwards. */
export const windowSession: SessionDoor = {
  initial: () => {
    const text = document.querySelector<HTMLMetaElement>('meta[name="session"]')?.content;
    // Empty while the office is still opening; the unreplaced placeholder where no window serves the page.
    return text?.startsWith("{") ? (JSON.parse(text) as Session) : undefined;
  },
  state: async () => {
    try {
      return await stateNow();
    } catch (cause) {
      // The frame is asked only after a failure, since one answer is usually enough.
      if (!window.go) throw cause;
      const frame = await app.State();
      if (frame.phase === "failed") {
        const { code, message, hint, copies, readable } = frame;
        return { ...noSession, state: "failed", failure: { code, message, hint, copies, readable } };
      }
      if (frame.phase !== "open") return noSession;
      // The backend was opened between the two calls.
      if (faultOf(cause).code === "keydesk.opening") return stateNow();
      throw cause;
    }
  },
  touch: () => ask(user.Touch, undefined),
  reopen: () => ask(frameOps.Reopen, undefined),
  restoreCopy: (name) => ask(frameOps.RestoreCopy, { name }),
  openForReading: () => ask(frameOps.OpenForReading, undefined),
  lock: () => ask(user.Lock, undefined),
  signOut: () => ask(user.SignOut, undefined),
};
