import { useSyncExternalStore } from "react";
import type { BaseLocationHook, BaseSearchHook } from "wouter";

/**
 * The page's location: path and search are both behind the `#`, as in `#/setups?search=sms`, so that the address of the
 * page itself never changes and a reload shows the same. A change of path asks the leave guard first, whether it comes
 * from a link, the palette or the mouse's Back button.
 */
let mayLeave: () => Promise<boolean> | boolean = () => true;
let shown = readHash();
const listeners = new Set<() => void>();

/** Sets the function that is asked before the path changes. */
export function askBeforeLeaving(ask: () => Promise<boolean> | boolean): void {
  mayLeave = ask;
}

function readHash(): string {
  return `/${location.hash.replace(/^#?\/?/, "")}`;
}

function pathOf(place: string): string {
  return place.split("?")[0] || "/";
}

function show(place: string): void {
  if (place === shown) return;
  shown = place;
  for (const listener of listeners) listener();
}

async function leaveThen(to: string, go: () => void, stay: () => void): Promise<void> {
  const answer = pathOf(to) === pathOf(shown) ? true : mayLeave();
  // The guard answers without a promise when there is nothing to lose, so that a click acts in the same frame.
  if (answer === true || (answer !== false && (await answer))) go();
  else stay();
}

interface NavigateOptions {
  replace?: boolean;
  /** The screen stays as it is and only gets another address, so nobody is asked whether they want to leave it. */
  stays?: boolean;
}

/** Goes to a path, with its search if it has one: `navigate("/setups?search=sms")`. */
export function navigate(to: string, options: NavigateOptions = {}): void {
  const place = `/${to.replace(/^#?\/?/, "")}`;
  if (place === shown) return;
  const go = () => {
    history[options.replace ? "replaceState" : "pushState"](null, "", `#${place}`);
    show(place);
  };
  if (options.stays) go();
  else void leaveThen(place, go, () => {});
}

/** The hash was changed by Back, Forward, or a typed address. */
function onHash(): void {
  const place = readHash();
  if (place === shown) return;
  void leaveThen(
    place,
    () => show(place),
    () => history.pushState(null, "", `#${shown}`),
  );
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    shown = readHash();
    window.addEventListener("popstate", onHash);
    window.addEventListener("hashchange", onHash);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.removeEventListener("popstate", onHash);
      window.removeEventListener("hashchange", onHash);
    }
  };
}

/** wouter's location hook. */
export const useHashPath: BaseLocationHook = () => [useSyncExternalStore(subscribe, () => pathOf(shown)), navigate];

/** wouter's search hook: what follows the `?`. */
export const useHashSearch: BaseSearchHook = () =>
  useSyncExternalStore(subscribe, () => shown.split("?").slice(1).join("?"));
