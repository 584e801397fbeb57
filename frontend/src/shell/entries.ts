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
  /** The first part of the route; the feature's own routes begin with it. */
  path: string;
  group: Group;
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** The permission needed to see the entry, or several of which one is enough. */
  needs: Permission | Permission[];
  screen: LazyExoticComponent<ComponentType>;
  /** Loads the screen's code before it is shown. */
  fetch?: () => Promise<void>;
}

/** The screen that opens first: API Key Setup for those who may see it, else their first one. */
export function firstOf(entries: Entry[]): Entry | undefined {
  return entries.find((entry) => entry.path === "/setups") ?? entries[0];
}

/** Whether the path is the entry's or one of its feature's own routes. */
export function isUnder(path: string, entry: Entry): boolean {
  return path === entry.path || path.startsWith(`${entry.path}/`);
}

type ScreenModule = { default: ComponentType };

/** The screens of all features: the default exports of `features/<word>/index.tsx`, each in a separate file. */
const screens = import.meta.glob<ScreenModule>("../features/*/index.tsx");

/** The navigation (UI.md, Screens). A line appears once its feature's screen is built. */
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
