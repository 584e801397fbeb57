import { useEffect, useRef } from "react";

/** The keys that mean the same on every screen (UI.md, Keys). On a Mac, Cmd replaces Ctrl. */
interface Hotkeys {
  /** Ctrl+S */
  save?: () => void;
  /** Ctrl+Enter: opens Test. */
  test?: () => void;
  /** Escape */
  close?: () => void;
}

// Looked up before any other listener gets the key: a dialog that the key closes is gone when the screen gets it.
let behind = false;
let floating = false;
window.addEventListener(
  "keydown",
  () => {
    // An open dialog is above the screen, and so is the lock.
    behind = document.querySelector('[aria-modal="true"], [data-locked="true"]') !== null;
    // An open menu or dialog handles Escape itself.
    floating = document.querySelector('[role="menu"], [role="dialog"]') !== null;
  },
  { capture: true },
);

/**
 * Handles the screen's keys while mounted, even inside fields. An open dialog or list handles Escape itself, and a
 * screen behind a dialog gets no keys.
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
      if (event.key === "Escape" && (floating || target?.getAttribute("aria-expanded") === "true")) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
