import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, type Input, invalidate, type Operation, type Plain, sessionScope } from "../../bridge/query";

/**
 * A call whose input or answer holds a key. A mutation would keep both in the query cache; here they are only in the
 * hands of the caller. While one runs, another is not sent: a double click makes one key.
 */
export function useSecretCall<In, Out>(operation: Operation<In, Out>, refreshes: string[] = []) {
  const client = useQueryClient();
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);

  /** The answer, or null where it was refused or another call runs. */
  const run = async (input: Input<In>): Promise<Plain<Out> | null> => {
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    setFault(null);
    try {
      const answer = await ask(operation, input as NoInfer<Input<In>>);
      for (const scope of refreshes) void invalidate(client, scope);
      return answer;
    } catch (cause) {
      const refused = faultOf(cause);
      if (refused.kind === "unauthenticated") void invalidate(client, sessionScope);
      setFault(refused);
      return null;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, fault, clear: () => setFault(null) };
}
