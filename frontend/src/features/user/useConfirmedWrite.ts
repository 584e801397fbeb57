import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Fault } from "../../bridge/fault";
import { type Call, type CallOptions, invalidate, type Plain, sessionScope, write } from "../../bridge/query";
import { useConfirmed } from "../../shell/password";

/** A confirmed write that may change one's own rights, so that the session is looked at again. */
export function useConfirmedWrite<In, Out>(operation: string, fn: Call<In, Out>, options: CallOptions = {}) {
  const client = useQueryClient();
  const mutationFn = useConfirmed(fn, options);
  return useMutation<Plain<Out>, Fault, Plain<In>>({
    ...write(operation, fn, options),
    mutationFn,
    onSuccess: () => void invalidate(client, sessionScope),
  });
}
