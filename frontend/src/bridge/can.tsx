import type { ReactNode } from "react";
import type { Guarded, Permission } from "./operation";
import { useSession } from "./session";

/** An operation, or a permission for what is not a single operation. */
export type Right = (Guarded & { readonly name: string }) | Permission;

/** Whether somebody with these permissions may run the operation. */
export function may(held: readonly string[], right: Right): boolean {
  if (typeof right === "string") return held.includes(right);
  const { needs = [], any = [] } = right;
  return needs.every((each) => held.includes(each)) && (any.length === 0 || any.some((each) => held.includes(each)));
}

/** Whether the person signed in may run all these operations, or holds the permissions: `useCan(setup.Delete)`. */
export function useCan(...rights: Right[]): boolean {
  const { permissions, user } = useSession();
  return rights.every(
    (right) => may(permissions, right) && (typeof right === "string" || !right.orgAdmin || user.is_org_admin),
  );
}

interface CanProps {
  do: Right;
  children: ReactNode;
  /** Shown otherwise; nothing by default, because what a person may not do is not shown. */
  otherwise?: ReactNode;
}

/** Shows its children to a person who may do this. Go refuses others in any case. */
export function Can({ do: right, children, otherwise = null }: CanProps) {
  return useCan(right) ? children : otherwise;
}
