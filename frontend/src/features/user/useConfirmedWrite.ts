import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Fault } from "../../bridge/fault";
import { ask, type Call, type CallOptions, lookAgain, type Plain, sessionShelf, write } from "../../bridge/query";
import { useWithPassword } from "../../shell/password";

/**
 * A write that Go may answer with access.password_needed: the password is then asked for and the write repeated. It
 * may change one's own rights, so the session is looked at again.
 */
export function useConfirmedWrite<In, Out>(operation: string, fn: Call<In, Out>, options: CallOptions = {}) {
  const client = useQueryClient();
  const withPassword = useWithPassword();
  return useMutation<Plain<Out>, Fault, Plain<In>>({
    ...write(operation, fn, options),
    mutationFn: (input) => withPassword(() => ask(fn, input, options)),
    onSuccess: () => void lookAgain(client, sessionShelf),
  });
}

/** The person closed the question for their password: nothing went wrong, and nothing was done. */
export function wasGivenUp(fault: Fault | null): boolean {
  return fault?.code === "access.password_needed";
}
