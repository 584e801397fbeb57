import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** The screens before the office is open: `features/session/<Name>.tsx`, default exports. */
export type GateName = "FirstRun" | "Unlock" | "SignIn" | "Locked" | "MustChange";

export type Gates = Partial<Record<GateName, ComponentType | LazyExoticComponent<ComponentType>>>;

const modules = import.meta.glob<{ default: ComponentType }>(
  "../features/session/{FirstRun,Unlock,SignIn,Locked,MustChange}.tsx",
);

function gate(name: GateName): Gates {
  const load = modules[`../features/session/${name}.tsx`];
  return load ? { [name]: lazy(load) } : {};
}

export const builtGates: Gates = {
  ...gate("FirstRun"),
  ...gate("Unlock"),
  ...gate("SignIn"),
  ...gate("Locked"),
  ...gate("MustChange"),
};
