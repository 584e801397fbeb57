import { useMutation } from "@tanstack/react-query";
import { type Operation, sessionScope } from "../../bridge/query";
import { useConfirmed } from "../../shell/password";

/** A confirmed write that may change one's own rights, so that the session is looked at again. */
export function useConfirmedWrite<In, Out>(operation: Operation<In, Out>) {
  return useMutation(useConfirmed(operation, { refreshes: ["user", sessionScope] }));
}
