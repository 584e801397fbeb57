import { useCallback, useContext, useEffect, useRef } from "react";
import { useConfirm } from "./Confirm";
import { GuardContext, type LeaveGuard } from "./guard";

/**
 * Asks before a dirty form is left, whichever way: navigation, palette, Cancel, Escape. Returns the asking itself for
 * the form's own Cancel: `if (await mayLeave()) navigate("/setups")`. Call `release()` after a save, before moving on.
 */
export function useUnsaved(dirty: boolean, what = "this form"): { mayLeave: LeaveGuard; release: () => void } {
  const guards = useContext(GuardContext);
  const confirm = useConfirm();
  const isDirty = useRef(dirty);
  isDirty.current = dirty;
  // Holds until the form is clean again, however often it is drawn before the route changes.
  const released = useRef(false);
  if (!dirty) released.current = false;

  const askThem = useCallback(async () => {
    const leave = await confirm({
      question: `Leave ${what} without saving?`,
      consequence: "What you entered and did not save will be lost.",
      yes: "Leave",
      no: "Stay",
      danger: true,
    });
    if (leave) released.current = true;
    return leave;
  }, [confirm, what]);

  // At once when nothing is at stake: the route then changes in the same moment.
  const mayLeave = useCallback<LeaveGuard>(() => (!isDirty.current || released.current ? true : askThem()), [askThem]);

  const release = useCallback(() => {
    released.current = true;
  }, []);

  useEffect(() => {
    guards.set(mayLeave);
    return () => guards.set(null);
  }, [guards, mayLeave]);

  return { mayLeave, release };
}
