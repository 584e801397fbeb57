import type { ReactNode } from "react";
import { useSession } from "./session";

/** Tells whether the person signed in holds a right, or every one of several. */
export function useCan(...permissions: string[]): boolean {
  const held = useSession().permissions;
  return permissions.every((permission) => held.includes(permission));
}

interface CanProps {
  /** One right, or several that are all needed. */
  do: string | string[];
  children: ReactNode;
  /** Shown instead; by default nothing, because what a person may not do is not shown. */
  otherwise?: ReactNode;
}

/** Shows its children to who may. Go refuses all the same. */
export function Can({ do: needed, children, otherwise = null }: CanProps) {
  const allowed = useCan(...(Array.isArray(needed) ? needed : [needed]));
  return allowed ? children : otherwise;
}
