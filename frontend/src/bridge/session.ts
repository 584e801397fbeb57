import { createContext, useContext } from "react";
import * as app from "../../wailsjs/go/app/Window";
import type * as model from "../../wailsjs/go/models";
import { Fault, faultOf } from "./fault";
import type { Plain } from "./operation";

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

/** How the shell learns and changes where the window stands. */
export interface SessionDoor {
  /** What was known when the page was written; undefined where nothing was. */
  given?: () => Session | undefined;
  state: () => Promise<Session>;
  /** Input was seen; called at most every 15 s. */
  touch: () => Promise<unknown>;
  lock: () => Promise<unknown>;
  signOut: () => Promise<unknown>;
}

/** A method of the bound struct Session, found when it is called, so that a missing one is a fault. */
function bound<Out>(method: string) {
  return async (): Promise<Out> => {
    const call = window.go?.app.Session?.[method];
    if (!call) {
      throw new Fault({
        kind: "unavailable",
        code: "page.no_window",
        message: "This page only works inside the Keydesk window.",
        hint: "Open Keydesk from the menu of programs.",
      });
    }
    return (await call()) as Out;
  };
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
      return await bound<Session>("State")();
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
      if (faultOf(cause).code === "keydesk.opening") return bound<Session>("State")();
      throw cause;
    }
  },
  touch: bound("Touch"),
  lock: bound("Lock"),
  signOut: bound("SignOut"),
};
