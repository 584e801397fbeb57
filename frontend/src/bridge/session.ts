import { createContext, useContext } from "react";
import * as app from "../../wailsjs/go/app/Window";
import { Fault } from "./fault";

/** Where the window stands between starting and working; product.md 3. */
export type SessionState = "opening" | "failed" | "first_run" | "unlock" | "signed_out" | "locked" | "ready";

/** Who is signed in and what they may do. Never a secret. */
export interface Session {
  state: SessionState;
  /** Why opening failed and what to do; empty strings otherwise. */
  failure: { code: string; message: string; hint: string };
  /** Empty strings when nobody is signed in. While locked, the one whose screen is kept. */
  user: { id: string; name: string };
  organisation: string;
  /** How long without input until the window locks. */
  idle_minutes: number;
  /** The rights held, as `setup.create`; a hidden button is a courtesy, the rule sits in Go. */
  permissions: string[];
}

export const noSession: Session = {
  state: "opening",
  failure: { code: "", message: "", hint: "" },
  user: { id: "", name: "" },
  organisation: "",
  idle_minutes: 0,
  permissions: [],
};

const SessionContext = createContext<Session>(noSession);

export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  return useContext(SessionContext);
}

/** How the shell learns and changes where the window stands. */
export interface SessionDoor {
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
  state: async () => {
    if (!window.go) return bound<Session>("State")();
    const frame = await app.State();
    if (frame.phase === "failed") {
      const { code, message, hint } = frame;
      return { ...noSession, state: "failed", failure: { code, message, hint } };
    }
    if (frame.phase !== "open") return noSession;
    return bound<Session>("State")();
  },
  touch: bound("Touch"),
  lock: bound("Lock"),
  signOut: bound("SignOut"),
};
