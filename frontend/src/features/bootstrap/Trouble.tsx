import type { Fault } from "../../bridge/fault";
import { Note } from "../../ui/Note";
import { placed } from "./placed";

interface TroubleProps {
  cause: Fault | null;
  /** The inputs that show their own messages. */
  unlessAt?: string[];
}

/** Says why something did not work and what to try, unless an input shows it. */
export function Trouble({ cause, unlessAt = [] }: TroubleProps) {
  if (!cause || Object.keys(placed(cause)).some((field) => unlessAt.includes(field))) return null;
  return (
    <Note tone="red">
      {cause.message} {cause.hint}
    </Note>
  );
}
