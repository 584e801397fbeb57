import { createContext } from "react";

/** Called before the route changes; false keeps the screen. */
export type LeaveGuard = () => Promise<boolean> | boolean;

/** Holds the guard of a form with changes; the shell's navigation asks it. */
interface GuardRegistry {
  set: (guard: LeaveGuard | null) => void;
  /** True when the person may leave. */
  ask: LeaveGuard;
}

export function makeGuards(): GuardRegistry {
  let guard: LeaveGuard | null = null;
  return {
    set: (next) => {
      guard = next;
    },
    ask: () => (guard ? guard() : true),
  };
}

export const GuardContext = createContext<GuardRegistry>(makeGuards());
