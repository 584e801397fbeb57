import type { Fault } from "../../bridge/fault";
import type { Wait } from "../../shell/useCountdown";
import { Note } from "../../ui/Note";
import { Trouble } from "./Trouble";

interface RefusalProps {
  cause: Fault | null;
  wait: Wait;
  /** The inputs that show their own messages. */
  unlessAt: string[];
}

/** Why a password was refused, or the rest of the wait. A screen reader reads it once, not every second. */
export function Refusal({ cause, wait, unlessAt }: RefusalProps) {
  if (wait.left > 0) {
    return (
      <Note tone="amber" alert={false}>
        <span role="alert" className="visually-hidden">
          Too many wrong passwords. {cause?.hint}
        </span>
        <span aria-hidden>
          {wait.text} {cause?.hint}
        </span>
      </Note>
    );
  }
  // The wait is over, and another try is allowed.
  if (cause?.code === "user.wait") return null;
  return <Trouble cause={cause} unlessAt={unlessAt} />;
}
