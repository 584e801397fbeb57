import { useEffect, useState } from "react";
import { exactText } from "../../ui";
import { waitText } from "./words";

/** Counts down to when a throttled call may be tried again, and says when it is time. */
export function RetryWait({ atMs }: { atMs: number }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  const over = nowMs >= atMs;
  useEffect(() => {
    if (over) return;
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, [over]);
  if (over) return <span role="status">You can try again now.</span>;
  return (
    <span role="timer" title={exactText(new Date(atMs))}>
      Try again in {waitText(atMs - nowMs)}.
    </span>
  );
}
