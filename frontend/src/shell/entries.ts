import {
  IconApi,
  IconArrowsExchange,
  IconBinaryTree2,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconLayoutGrid,
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

type Icon = ComponentType<{ size?: number; stroke?: number }>;

/** A line of the navigation. */
export interface Entry {
  /** The first part of the route; the feature's own routes begin with it. */
  path: string;
  group: Group;
  label: string;
  icon: Icon;
  /** The line that it is drawn under: another entry's label, or a heading of `headings`. */
  under?: string;
  /** The permission needed to see the entry, or several of which one is enough. */
  needs: Permission | Permission[];
  screen: LazyExoticComponent<ComponentType>;
  /** Loads the screen's code before it is shown. */
  fetch?: () => Promise<void>;
}

/** The screen that opens first: the first in the navigation. The dashboard for those who may see a part of it. */
export function firstOf(entries: Entry[]): Entry | undefined {
  return entries[0];
}

/** The entry that a path belongs to: its own, or one of its feature's routes. The longest wins. */
export function entryAt(entries: Entry[], path: string): Entry | undefined {
  return byLength(entries).find((entry) => path === entry.path || path.startsWith(`${entry.path}/`));
}

/** The entries with the longest path first, so that `/settings/api-keys` is found before `/settings`. */
export function byLength(entries: Entry[]): Entry[] {
  return [...entries].sort((a, b) => b.path.length - a.path.length);
}

/** A line as the navigation draws it. A heading has no screen of its own and leads to the first line under it. */
export interface Line {
  key: string;
  path: string;
  label: string;
  icon: Icon;
  /** Missing for a heading. */
  entry?: Entry;
  inset?: boolean;
}

/** What is drawn above lines whose own entry is not there: those of a guide, and one that the person may not see. */
const headings: Record<string, Icon> = { "API Settings": IconApi, Settings: IconSettings };

/** The lines of a group. A person who may see one of the lines under a heading also sees the heading. */
export function linesOf(entries: Entry[], group: Group): Line[] {
  const lines: Line[] = [];
  for (const entry of entries.filter((each) => each.group === group)) {
    const { path, label, icon, under } = entry;
    if (under && !lines.some((line) => line.label === under)) {
      lines.push({ key: under, path, label: under, icon: headings[under] ?? icon });
    }
    lines.push({ key: path, path, label, icon, entry, inset: under !== undefined });
  }
  return lines;
}

type ScreenModule = { default: ComponentType };

/** The screens of all features: the default exports of `features/<word>/index.tsx`, each in a separate file. */
const screens = import.meta.glob<ScreenModule>("../features/*/index.tsx");

/** The navigation (UI.md, Screens). A line appears once its feature's screen is built. */
const plan: (Omit<Entry, "screen"> & { feature: string })[] = [
  {
    path: "/dashboard",
    group: "Office",
    label: "Dashboard",
    icon: IconLayoutDashboard,
    // Each opens a part of it.
    needs: ["call.view", "apikey.view", "setup.view"],
    feature: "dashboard",
  },
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
    path: "/keys",
    group: "Incoming",
    under: "API Settings",
    label: "API Secret Manager",
    icon: IconKey,
    needs: "apikey.view",
    feature: "apikey",
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
    // People who may see keys also see how the local API is set.
    needs: ["settings.manage", "apikey.view"],
    feature: "organisation",
  },
  {
    path: "/settings/api-keys",
    group: "Settings",
    under: "Settings",
    label: "API Keys",
    icon: IconKey,
    needs: "apikey.view",
    feature: "apikey",
  },
  {
    path: "/settings/integration",
    group: "Settings",
    under: "Settings",
    label: "Integration",
    icon: IconLayoutGrid,
    needs: "apikey.view",
    feature: "apikey",
  },
];

export const entries: Entry[] = plan.flatMap(({ feature, ...entry }) => {
  const load = screens[`../features/${feature}/index.tsx`];
  if (!load) return [];
  const { Shown, fetch } = preload(load);
  return [{ ...entry, screen: Shown, fetch }];
});
