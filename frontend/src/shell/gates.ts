import type { ComponentType, LazyExoticComponent } from "react";
import SignIn from "../features/session/SignIn";
import Unlock from "../features/session/Unlock";
import { type Ahead, ahead } from "./ahead";

/** The screens before the office is open: `features/session/<Name>.tsx`, default exports. */
export type GateName = "FirstRun" | "Unlock" | "SignIn" | "Locked" | "MustChange";

export type Gates = Partial<Record<GateName, ComponentType | LazyExoticComponent<ComponentType>>>;

const rare: Record<"FirstRun" | "Locked" | "MustChange", Ahead> = {
  FirstRun: ahead(() => import("../features/session/FirstRun")),
  Locked: ahead(() => import("../features/session/Locked")),
  MustChange: ahead(() => import("../features/session/MustChange")),
};

/** What a start shows on most days is in the first file of the page; the others are files of their own. */
export const builtGates: Gates = {
  SignIn,
  Unlock,
  FirstRun: rare.FirstRun.Shown,
  Locked: rare.Locked.Shown,
  MustChange: rare.MustChange.Shown,
};
