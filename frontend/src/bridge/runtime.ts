/**
 * What the page uses of its window: hints, the clipboard, links to the browser, the report of a painted screen. All of
 * it works without a window too: in a browser during development, and in tests.
 */
import * as app from "../../wailsjs/go/app/Window";
import { EventsOn } from "../../wailsjs/runtime/runtime";

interface BoundMethods {
  // biome-ignore lint/suspicious/noExplicitAny: the inputs and answers are those of wailsjs.
  [method: string]: (input?: any) => Promise<any>;
}

declare global {
  interface Window {
    /** Wails' bound methods: `go.app.<Struct>.<Method>`. */
    go?: { app: Record<string, BoundMethods> };
    runtime?: object;
  }
}

/** Whether the page is in the Keydesk window. */
function inWindow(): boolean {
  return window.go !== undefined && window.runtime !== undefined;
}

/** Listens for a hint of the window. Returns a function that stops listening. */
export function onEvent(name: string, handler: (...data: unknown[]) => void): () => void {
  return inWindow() ? EventsOn(name, handler) : () => {};
}

/**
 * Copies text to the clipboard; false when neither the window nor the browser could. After clearAfterMs the window
 * clears the clipboard if it still holds the text; 0 means never.
 */
export async function copyText(text: string, clearAfterMs = 0): Promise<boolean> {
  try {
    if (inWindow()) await app.Copy({ text, clear_after_ms: clearAfterMs });
    else await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Opens an https page in the person's browser, after the window has asked them. */
export function openLink(url: string): void {
  if (inWindow()) void app.OpenLink({ url }).catch(() => {});
}

/** Tells the window that a screen is painted. The window logs it, to measure how fast screens appear. */
export function reportPainted(screen: string): void {
  if (!inWindow()) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  void app.Painted({ screen, dark }).catch(() => {});
}
