import { useMediaQuery } from "@mantine/hooks";
import { useSyncExternalStore } from "react";

/**
 * The size of text and what follows from it. All sizes are in rem, so the size of the root is the size of everything.
 * With larger text a window has room for less, so that what a narrow window shows otherwise, begins at a larger width.
 */

/** The pixels of one rem at a text size of 100 %. */
const usualRem = 16;

/** One rem in pixels; 0 before it was read. Reading it makes the browser lay the page out. */
let known = 0;
let watching = false;
const listeners = new Set<() => void>();

function rem(): number {
  known ||= Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || usualRem;
  return known;
}

function subscribe(listener: () => void): () => void {
  if (!watching) {
    watching = true;
    new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-text-size", "style"] });
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(): void {
  known = 0;
  for (const listener of listeners) listener();
}

/** One rem in pixels, which changes with the size of text. */
export function useRem(): number {
  return useSyncExternalStore(subscribe, rem);
}

/** Whether the window is narrower than `under` pixels of usual text; under 1200 the sidebar is a rail. */
export function useNarrow(under = 1200): boolean {
  const scale = useRem() / usualRem;
  return useMediaQuery(`(max-width: ${under * scale - 0.02}px)`, false, { getInitialValueInEffect: false });
}

/** Whether the window has room for two columns. */
export function useWide(from = 1200): boolean {
  const scale = useRem() / usualRem;
  return useMediaQuery(`(min-width: ${from * scale}px)`, false, { getInitialValueInEffect: false });
}

/** What style sheets ask of the root: the attribute is there while the window is smaller, in pixels of usual text. */
const rooms = {
  "data-narrow": ["max-width", 1200],
  "data-middle": ["max-width", 1440],
  "data-low": ["max-height", 800],
} as const;

/** Keeps the root's attributes for style sheets. A media query cannot do it, since its rem is always 16 px. */
export function watchRoom(): void {
  let stop = () => {};
  const ask = () => {
    stop();
    const scale = rem() / usualRem;
    const asked = Object.entries(rooms).map(([name, [side, under]]) => {
      const query = window.matchMedia(`(${side}: ${under * scale - 0.02}px)`);
      const mark = () => document.documentElement.toggleAttribute(name, query.matches);
      mark();
      query.addEventListener("change", mark);
      return () => query.removeEventListener("change", mark);
    });
    stop = () => {
      for (const forget of asked) forget();
    };
  };
  subscribe(ask);
  ask();
}
