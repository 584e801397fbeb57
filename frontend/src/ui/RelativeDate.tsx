import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { exactText, relativeText } from "./text";

/** A time in words, with the exact time on hover. Shows nothing for an empty or invalid one. */
export function RelativeDate({ at }: { at: string | Date | null | undefined }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);

  const when = at ? new Date(at) : null;
  // Go's zero time is the year 1; it means "never".
  if (!when || Number.isNaN(when.getTime()) || when.getFullYear() < 1971) return null;
  return (
    <Tooltip label={exactText(when)}>
      <time dateTime={when.toISOString()}>{relativeText(when, now)}</time>
    </Tooltip>
  );
}
