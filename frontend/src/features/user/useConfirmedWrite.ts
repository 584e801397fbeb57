import { useMutation } from "@tanstack/react-query";
import { type Operation, sessionScope } from "../../bridge/query";
import { useConfirmed } from "../../shell/password";

/** A write that may ask for the password. It may change the user's own permissions, so the session is read again. */
export function useConfirmedWrite<In, Out>(operation: Operation<In, Out>) {
  return useMutation(useConfirmed(operation, { refreshes: ["user", sessionScope] }));
}
