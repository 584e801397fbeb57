import { createContext, useContext } from "react";

/** Where the window stands between starting and working; product.md 3. */
export type SessionState = "opening" | "failed" | "first_run" | "unlock" | "signed_out" | "locked" | "ready";

/** What `session.state` answers: who is signed in and what they may do. Never a secret. */
export interface Session {
  state: SessionState;
  /** Why opening failed and what to do; empty strings otherwise. */
  failure: { message: string; hint: string };
  /** Empty strings when nobody is signed in. */
  user: { id: string; name: string };
  organisation: string;
  /** The rights held, as `setup.create`; a hidden button is a courtesy, the rule sits in Go. */
  permissions: string[];
}

export const noSession: Session = {
  state: "opening",
  failure: { message: "", hint: "" },
  user: { id: "", name: "" },
  organisation: "",
  permissions: [],
};

const SessionContext = createContext<Session>(noSession);

export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  return useContext(SessionContext);
}
