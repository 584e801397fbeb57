import { useEffect } from "react";

/** Input is reported at most once in this time, in milliseconds (RULES.md, Sign-in). */
export const reportEveryMs = 15_000;

const inputs = ["keydown", "pointerdown", "pointermove", "wheel"] as const;

/**
 * Calls report at the first input, and then at most every 15 s while there is input. After idleMs without a report it
 * calls onIdle, so that the page reads the session again and finds it locked. Go decides; the page only asks.
 */
export function useIdleReport(report: () => void, active: boolean, idleMs = 0, onIdle?: () => void): void {
  useEffect(() => {
    if (!active) return;
    let last = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      if (idleMs > 0 && onIdle) timer = setTimeout(onIdle, idleMs + 1_000);
    };
    wait();
    const onInput = (event: Event) => {
      // Only a person's input counts, not what a script dispatches.
      if (!event.isTrusted && !(event as { forTest?: boolean }).forTest) return;
      const now = performance.now();
      if (now - last < reportEveryMs) return;
      last = now;
      report();
      wait();
    };
    for (const name of inputs) window.addEventListener(name, onInput, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const name of inputs) window.removeEventListener(name, onInput, { capture: true });
    };
  }, [report, active, idleMs, onIdle]);
}
