import { useEffect, useRef } from "react";

/** The keys that mean the same on every screen (product.md 2). `mod` is Ctrl, or Cmd on a Mac. */
export interface Hotkeys {
  /** Ctrl+S */
  save?: () => void;
  /** Ctrl+Enter: opens Test. */
  test?: () => void;
  /** Escape */
  close?: () => void;
}

/**
 * Hears the screen's keys while mounted, also inside fields. A dialog or list that is open keeps Escape for itself,
 * and a screen behind a dialog hears nothing.
 */
export function useHotkey(keys: Hotkeys): void {
  const latest = useRef(keys);
  latest.current = keys;

  useEffect(() => {
    // Asked on the way down: a dialog that this very key closes is gone on the way up.
    let behind = false;
    const look = () => {
      // An open dialog is above the screen; so is the lock.
      behind = document.querySelector('[aria-modal="true"], [data-locked="true"]') !== null;
    };
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
      if (event.key === "Escape" && target?.getAttribute("aria-expanded") === "true") return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", look, { capture: true });
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", look, { capture: true });
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
