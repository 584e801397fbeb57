import { createContext } from "react";

/** Asked before the route changes; false keeps the screen. */
export type LeaveGuard = () => Promise<boolean> | boolean;

/** Where a dirty form leaves its guard; the shell's navigation asks it. */
interface GuardRegistry {
  set: (guard: LeaveGuard | null) => void;
  /** True when leaving is all right. */
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
