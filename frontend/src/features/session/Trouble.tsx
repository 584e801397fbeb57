import { Alert } from "@mantine/core";
import type { Fault } from "../../bridge/fault";

/** Why something before the office did not work, and what to try. Messages at fields stand there instead. */
export function Trouble({ cause, unlessAt = [] }: { cause: Fault | null; unlessAt?: string[] }) {
  if (!cause || cause.fields.some((field) => unlessAt.includes(field.name))) return null;
  return (
    <Alert color="red" variant="light" role="alert">
      {cause.message} {cause.hint}
    </Alert>
  );
}
