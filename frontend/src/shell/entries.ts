import {
  IconArrowsExchange,
  IconBinaryTree2,
  IconHistory,
  IconPlugConnected,
  IconPuzzle,
  IconSettings,
  IconUsers,
} from "@tabler/icons-react";
import type { ComponentType, LazyExoticComponent } from "react";
import type { Permission } from "../bridge/operation";
import { preload } from "./preload";

export type Group = "Office" | "Outgoing" | "Incoming" | "Settings";

export const groups: Group[] = ["Office", "Outgoing", "Incoming", "Settings"];

/** A line of the navigation. */
export interface Entry {
  /** The first part of the route; the feature's own routes stand below it. */
  path: string;
  group: Group;
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** The right without which the entry is not shown, or several of which one is enough. */
  needs: Permission | Permission[];
  screen: LazyExoticComponent<ComponentType>;
  /** Gets the screen's code before it is shown. */
  fetch?: () => Promise<void>;
}

/** What opens first: the main job, for whoever may see it. */
export function firstOf(entries: Entry[]): Entry | undefined {
  return entries.find((entry) => entry.path === "/setups") ?? entries[0];
}

type ScreenModule = { default: ComponentType };

/** Every feature's screen there is: `features/<word>/index.tsx`, its default export, a file of its own. */
const screens = import.meta.glob<ScreenModule>("../features/*/index.tsx");

/** The plan of the navigation (product.md 2). A line appears once its feature's screen is built. */
const plan: (Omit<Entry, "screen"> & { feature: string })[] = [
  {
    path: "/processes",
    group: "Office",
    label: "Processes",
    icon: IconBinaryTree2,
    needs: "process.view",
    feature: "process",
  },
  {
    path: "/users",
    group: "Office",
    label: "Users & Roles",
    icon: IconUsers,
    needs: "user.view",
    feature: "user",
  },
  {
    path: "/activity",
    group: "Office",
    label: "Activity",
    icon: IconHistory,
    needs: "activity.view",
    feature: "activity",
  },
  {
    path: "/setups",
    group: "Outgoing",
    label: "API Key Setup",
    icon: IconPlugConnected,
    needs: "setup.view",
    feature: "setup",
  },
  {
    path: "/calls",
    group: "Outgoing",
    label: "Calls",
    icon: IconArrowsExchange,
    needs: "call.view",
    feature: "call",
  },
  {
    path: "/providers",
    group: "Settings",
    label: "Providers",
    icon: IconPuzzle,
    needs: ["setup.view", "setup.create", "setup.edit", "settings.manage"],
    feature: "provider",
  },
  {
    path: "/settings",
    group: "Settings",
    label: "Settings",
    icon: IconSettings,
    needs: "settings.manage",
    feature: "organisation",
  },
];

export const entries: Entry[] = plan.flatMap(({ feature, ...entry }) => {
  const load = screens[`../features/${feature}/index.tsx`];
  if (!load) return [];
  const { Shown, fetch } = preload(load);
  return [{ ...entry, screen: Shown, fetch }];
});
