import { Tooltip } from "@mantine/core";
import { exactText, RelativeDate } from "../../ui";

interface KeyDateProps {
  at: Date;
  /** There is no room for "in 6 days (27 Nov)". */
  short: boolean;
  nowMs: number;
}

/** A time in the list of keys: in words while it is near, else its day, so that it always has room. */
export function KeyDate({ at, short, nowMs }: KeyDateProps) {
  const near = (short ? 1 : 30) * 86_400_000;
  if (Math.abs(at.getTime() - nowMs) < near) return <RelativeDate at={at} />;
  return (
    <Tooltip label={exactText(at)}>
      <time dateTime={at.toISOString()}>
        {at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })}
      </time>
    </Tooltip>
  );
}
