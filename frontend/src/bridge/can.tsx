import type { ReactNode } from "react";
import type { Guarded, Permission } from "./operation";
import { useSession } from "./session";

/** An operation, for what does it; a permission, for what no one operation is. */
export type Right = (Guarded & { readonly name: string }) | Permission;

/** Tells whether somebody who holds these permissions may do what Go declares so. */
export function may(held: readonly string[], right: Right): boolean {
  if (typeof right === "string") return held.includes(right);
  const { needs = [], any = [] } = right;
  return needs.every((each) => held.includes(each)) && (any.length === 0 || any.some((each) => held.includes(each)));
}

/** Tells whether the person signed in may do an operation, or several; or holds a permission: `useCan(setup.Delete)`. */
export function useCan(...rights: Right[]): boolean {
  const held = useSession().permissions;
  return rights.every((right) => may(held, right));
}

interface CanProps {
  do: Right;
  children: ReactNode;
  /** Shown instead; by default nothing, because what a person may not do is not shown. */
  otherwise?: ReactNode;
}

/** Shows its children to who may. Go refuses all the same. */
export function Can({ do: right, children, otherwise = null }: CanProps) {
  return useCan(right) ? children : otherwise;
}
