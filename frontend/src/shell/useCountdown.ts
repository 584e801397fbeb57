import { useEffect, useState } from "react";
import type { Fault } from "../bridge/fault";

/** What is left of the wait that wrong passwords cost. */
export interface Wait {
  /** Seconds; 0 when another try is free. */
  left: number;
  /** The fault's sentence with the time that is left now. */
  text: string;
}

const span = /(\d+) (second|minute)s?/;

/** Counts down the time that a `limited` fault names (security.md 8). The wall clock decides, so that sleep counts. */
export function useCountdown(cause: Fault | null): Wait {
  const [now, setNow] = useState(() => Date.now());
  const [until, setUntil] = useState(0);
  useEffect(() => {
    const seconds = secondsOf(cause);
    const start = Date.now();
    setNow(start);
    setUntil(seconds > 0 ? start + seconds * 1_000 : 0);
    if (seconds === 0) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [cause]);
  const left = Math.max(0, Math.ceil((until - now) / 1_000));
  return { left, text: cause ? cause.message.replace(span, inWords(left)) : "" };
}

function secondsOf(cause: Fault | null): number {
  const found = cause?.kind === "limited" ? span.exec(cause.message) : null;
  return found ? Number(found[1]) * (found[2] === "minute" ? 60 : 1) : 0;
}

function inWords(seconds: number): string {
  if (seconds === 1) return "1 second";
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
