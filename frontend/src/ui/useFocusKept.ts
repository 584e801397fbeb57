import { useEffect, useRef } from "react";

/** A button that is disabled while it works loses the focus: it has it again afterwards, unless something else took it. */
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
