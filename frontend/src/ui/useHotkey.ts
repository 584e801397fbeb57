import { useEffect, useRef } from "react";

/** The keys that mean the same on every screen (product.md 2). `mod` is Ctrl, or Cmd on a Mac. */
interface Hotkeys {
  /** Ctrl+S */
  save?: () => void;
  /** Ctrl+Enter: opens Test. */
  test?: () => void;
  /** Escape */
  close?: () => void;
}

// Asked before anybody else hears the key: a dialog that this very key closes is gone when the screen hears it.
let behind = false;
let afloat = false;
window.addEventListener(
  "keydown",
  () => {
    // An open dialog is above the screen; so is the lock.
    behind = document.querySelector('[aria-modal="true"], [data-locked="true"]') !== null;
    // A menu that floats above it keeps Escape.
    afloat = document.querySelector('[role="menu"], [role="dialog"]') !== null;
  },
  { capture: true },
);

/**
 * Hears the screen's keys while mounted, also inside fields. A dialog or list that is open keeps Escape for itself,
 * and a screen behind a dialog hears nothing.
 */
export function useHotkey(keys: Hotkeys): void {
  const latest = useRef(keys);
  latest.current = keys;

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const mod = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const { save, test, close } = latest.current;
      const run =
        mod && event.key.toLowerCase() === "s"
          ? save
          : mod && event.key === "Enter"
            ? test
            : event.key === "Escape" && !mod
              ? close
              : undefined;
      if (!run || behind) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (event.key === "Escape" && (afloat || target?.getAttribute("aria-expanded") === "true")) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
