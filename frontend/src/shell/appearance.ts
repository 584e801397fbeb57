/**
 * How Keydesk looks for the person at the window: light or dark, and the size of text (UI.md, Looks). Go keeps it for
 * each person, and writes into the page how it looked last, so that the first screen is drawn so.
 */
import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";
import { useSyncExternalStore } from "react";
import type { Session } from "../bridge/session";

export type Appearance = Session["appearance"];

const root = document.documentElement;

/** What the page was served with. */
let now: Appearance = { scheme: root.dataset.scheme ?? "system", text_size: Number(root.dataset.textSize ?? 100) };
const listeners = new Set<() => void>();

/** Shows it at once. Mantine sets light or dark, the root's attribute the size (base.css). */
export function showAppearance(next: Appearance): void {
  if (next.scheme === now.scheme && next.text_size === now.text_size) return;
  now = next;
  root.dataset.scheme = next.scheme;
  root.dataset.textSize = String(next.text_size);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is shown now, also before it is kept. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, () => now);
}

const scheme = (): MantineColorScheme => (now.scheme === "dark" || now.scheme === "light" ? now.scheme : "auto");

let forget = () => {};
let given: MantineColorScheme | undefined;

/** Tells Mantine's provider. Nothing is stored in the page. */
export const personsScheme: MantineColorSchemeManager = {
  get: () => {
    given = scheme();
    return given;
  },
  set: () => {},
  subscribe: (tell) => {
    const changed = () => {
      given = scheme();
      tell(given);
    };
    forget = subscribe(changed);
    // It may have changed since the provider asked.
    if (given !== scheme()) changed();
  },
  unsubscribe: () => forget(),
  clear: () => {},
};
