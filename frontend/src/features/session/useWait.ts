import { useEffect, useState } from "react";
import type { Fault } from "../../bridge/fault";

/** The seconds that a `limited` fault asks to wait, counting down; 0 when there is nothing to wait for. */
export function useWait(cause: Fault | null): number {
  const asked =
    cause?.kind === "limited" ? Number(/(\d+) (?:s\b|second)/.exec(`${cause.message} ${cause.hint}`)?.[1] ?? 0) : 0;
  const [left, setLeft] = useState(0);
  useEffect(() => {
    setLeft(asked);
    if (asked === 0) return;
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1_000);
    return () => clearInterval(timer);
  }, [cause, asked]);
  return left;
}
