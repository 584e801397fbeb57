import type { ComponentType, LazyExoticComponent } from "react";
import SignIn from "../features/bootstrap/SignIn";
import Unlock from "../features/bootstrap/Unlock";
import { type Preloaded, preload } from "./preload";

/** The screens before the office is open: `features/bootstrap/<Name>.tsx`, default exports. */
export type BootScreenName = "FirstRun" | "Unlock" | "SignIn" | "Locked" | "MustChange";

export type BootScreens = Partial<Record<BootScreenName, ComponentType | LazyExoticComponent<ComponentType>>>;

const rare: Record<"FirstRun" | "Locked" | "MustChange", Preloaded> = {
  FirstRun: preload(() => import("../features/bootstrap/FirstRun")),
  Locked: preload(() => import("../features/bootstrap/Locked")),
  MustChange: preload(() => import("../features/bootstrap/MustChange")),
};

/** The screens that most starts show are in the page's first file; the others are loaded when needed. */
export const bootScreens: BootScreens = {
  SignIn,
  Unlock,
  FirstRun: rare.FirstRun.Shown,
  Locked: rare.Locked.Shown,
  MustChange: rare.MustChange.Shown,
};
