import { useEffect, useRef } from "react";

/** Closes what is open above a drawer; the topmost is last. */
const open: (() => void)[] = [];

// Every drawer and dialog listens for Escape on the window, so one key would close all of them. This listener is added
// before any of theirs.
window.addEventListener(
  "keydown",
  (event) => {
    const close = open.at(-1);
    if (event.key !== "Escape" || event.isComposing || !close) return;
    // An open list of choices handles the key itself.
    if (event.target instanceof Element && event.target.getAttribute("data-mantine-stop-propagation") === "true")
      return;
    event.stopImmediatePropagation();
    close();
  },
  true,
);

/** While opened, Escape closes only this, and nothing below it. */
export function useTopEscape(opened: boolean, onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    if (!opened) return;
    const close = () => latest.current();
    open.push(close);
    return () => void open.splice(open.indexOf(close), 1);
  }, [opened]);
}
