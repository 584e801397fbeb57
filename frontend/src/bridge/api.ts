/**
 * The bound methods of Go, by feature. A feature's generated file is re-exported here in one line as it appears:
 *
 *     export * as setup from "../../wailsjs/go/app/Setup";
 *
 * Nothing else of the page imports wailsjs.
 */
import { Fault } from "./fault";
import type { Session } from "./session";

/** A method bound as `app.<service>.<method>`, found when it is called, so that a missing one is a fault. */
function bound<In, Out>(service: string, method: string) {
  return async (input: In): Promise<Out> => {
    const call = window.go?.app?.[service]?.[method];
    if (!call) {
      throw new Fault({
        kind: "unavailable",
        code: "page.no_window",
        message: "This page only works inside the Keydesk window.",
        hint: "Open Keydesk from the menu of programs.",
      });
    }
    return (await (input === undefined ? call() : call(input))) as Out;
  };
}

/** What the shell itself needs; the screens of sign-in bring their own. */
export const session = {
  /** Where the window stands; answers also while nothing is open. */
  state: bound<void, Session>("Session", "State"),
  /** Reports input, at most every 15 s, so that the idle lock knows someone is there. */
  touch: bound<void, void>("Session", "Touch"),
  lock: bound<void, void>("Session", "Lock"),
  signOut: bound<void, void>("Session", "SignOut"),
};
