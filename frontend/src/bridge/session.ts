import { createContext, useContext } from "react";
import * as go from "../../wailsjs/go/app/Session";
import * as app from "../../wailsjs/go/app/Window";
import type * as model from "../../wailsjs/go/models";
import { user } from "./api";
import { Fault, faultOf } from "./fault";
import type { Plain } from "./operation";
import { ask } from "./query";

/** Who is signed in, what they may do, and where the window is between starting and working. Never a secret. */
export type Session = Plain<model.app.SessionState>;

export const noSession: Session = {
  state: "opening",
  failure: { code: "", message: "", hint: "" },
  user: { id: "", name: "", full_name: "", roles: [], is_org_admin: false },
  organisation: "",
  country: "",
  time_zone: "",
  idle_minutes: 0,
  permissions: [],
  secrets: { open: false, protection: "", keyring: "", reason: "", message: "", hint: "" },
  demo_users: [],
};

const SessionContext = createContext<Session>(noSession);

export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  return useContext(SessionContext);
}

/** How the shell learns and changes how far the window is. */
export interface SessionDoor {
  /** What was known when the page was written; undefined where nothing was. */
  given?: () => Session | undefined;
  state: () => Promise<Session>;
  /** Input was seen; called at most every 15 s. */
  touch: () => Promise<unknown>;
  lock: () => Promise<unknown>;
  signOut: () => Promise<unknown>;
}

async function stateNow(): Promise<Session> {
  if (!window.go?.app.Session) {
    throw new Fault({
      kind: "unavailable",
      code: "page.no_window",
      message: "This page only works inside the Keydesk window.",
      hint: "Open Keydesk from the menu of programs.",
    });
  }
  return (await go.State()) as Session;
}

/** The window's own door: the frame answers while the backend opens, the backend afterwards. */
export const windowSession: SessionDoor = {
  given: () => {
    const text = document.querySelector<HTMLMetaElement>('meta[name="session"]')?.content;
    // Empty while the office is still opening; the placeholder itself where no window serves the page.
    return text?.startsWith("{") ? (JSON.parse(text) as Session) : undefined;
  },
  state: async () => {
    try {
      return await stateNow();
    } catch (cause) {
      // The frame is asked only now: on most days one answer says it all.
      if (!window.go) throw cause;
      const frame = await app.State();
      if (frame.phase === "failed") {
        const { code, message, hint } = frame;
        return { ...noSession, state: "failed", failure: { code, message, hint } };
      }
      if (frame.phase !== "open") return noSession;
      // Opened between the two questions.
      if (faultOf(cause).code === "keydesk.opening") return stateNow();
      throw cause;
    }
  },
  touch: () => ask(user.Touch, undefined),
  lock: () => ask(user.Lock, undefined),
  signOut: () => ask(user.SignOut, undefined),
};
