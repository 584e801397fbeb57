import { useEffect, useRef } from "react";

/** Gives the focus back to a button that was disabled while it worked, unless something else has taken the focus. */
export function useFocusKept(busy: boolean, find: () => HTMLElement | null | undefined): void {
  const was = useRef(busy);
  const latest = useRef(find);
  latest.current = find;
  useEffect(() => {
    const before = was.current;
    was.current = busy;
    if (!before || busy) return;
    const now = document.activeElement;
    if (now === null || now === document.body) latest.current()?.focus({ preventScroll: true });
  }, [busy]);
}
