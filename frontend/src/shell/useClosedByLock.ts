import { useEffect } from "react";
import { useSession } from "../bridge/session";

/** Closes a dialog that shows or holds a key when the window is locked. False once that has happened. */
export function useClosedByLock(onClose: () => void): boolean {
  const open = useSession().state === "ready";
  useEffect(() => {
    if (!open) onClose();
  }, [open, onClose]);
  return open;
}
