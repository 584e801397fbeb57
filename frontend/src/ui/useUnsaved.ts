import { useCallback, useContext, useEffect, useRef } from "react";
import { useConfirm } from "./Confirm";
import { GuardContext, type LeaveGuard } from "./guard";

/**
 * Asks before a form with changes is left, by navigation, the palette, Cancel or Escape. It returns the guard for the
 * form's own Cancel: `if (await mayLeave()) navigate("/setups")`. Call `release()` after a save, before navigating.
 */
export function useUnsaved(dirty: boolean, what = "this form"): { mayLeave: LeaveGuard; release: () => void } {
  const guards = useContext(GuardContext);
  const confirm = useConfirm();
  const isDirty = useRef(dirty);
  isDirty.current = dirty;
  // Stays true until the form has no changes, however often it renders before the route changes.
  const released = useRef(false);
  if (!dirty) released.current = false;

  const askPerson = useCallback(async () => {
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

  // Without a promise when there is nothing to lose, so that the route changes at once.
  const mayLeave = useCallback<LeaveGuard>(
    () => (!isDirty.current || released.current ? true : askPerson()),
    [askPerson],
  );

  const release = useCallback(() => {
    released.current = true;
  }, []);

  useEffect(() => {
    guards.set(mayLeave);
    return () => guards.set(null);
  }, [guards, mayLeave]);

  return { mayLeave, release };
}
