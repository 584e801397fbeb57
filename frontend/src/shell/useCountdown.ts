import { useEffect, useState } from "react";
import type { Fault } from "../bridge/fault";

/** The rest of the wait after wrong passwords. */
export interface Wait {
  /** Seconds; 0 when another try is allowed. */
  left: number;
  /** A sentence that says how long to wait; empty when another try is allowed. */
  text: string;
}

/** Counts down the wait of a `limited` fault. It reads the wall clock, so that the computer's sleep counts too. */
export function useCountdown(cause: Fault | null): Wait {
  const [now, setNow] = useState(() => Date.now());
  const [until, setUntil] = useState(0);
  const waitMs = cause?.kind === "limited" ? cause.retryAfterMs : 0;
  // A second refusal with the same wait starts again, since its fault is another object.
  useEffect(() => {
    const start = Date.now();
    setNow(start);
    setUntil(cause && waitMs > 0 ? start + waitMs : 0);
    if (waitMs === 0) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [cause, waitMs]);
  const left = Math.max(0, Math.ceil((until - now) / 1_000));
  return { left, text: left > 0 ? `Too many wrong passwords. Try again in ${inWords(left)}.` : "" };
}

function inWords(seconds: number): string {
  if (seconds === 1) return "1 second";
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
