/**
 * What the page asks of its frame: hints, the clipboard, links out, the report of a painted screen. Each says what
 * happens where there is no window: in a browser during development and in tests.
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

/** Whether the page stands in the Keydesk window. */
function inWindow(): boolean {
  return window.go !== undefined && window.runtime !== undefined;
}

/** Hears a hint of the window; the returned function stops listening. */
export function onEvent(name: string, handler: (...data: unknown[]) => void): () => void {
  return inWindow() ? EventsOn(name, handler) : () => {};
}

/**
 * Puts text on the clipboard; false when neither the window nor the browser could. clearAfterMs takes it off again if
 * it is still there then; 0 leaves it.
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

/** Opens an https page in the person's browser, after the window asked them; never in the window itself. */
export function openLink(url: string): void {
  if (inWindow()) void app.OpenLink({ url }).catch(() => {});
}

/** Tells the window that a screen is drawn; its log measures starts by it. */
export function reportPainted(screen: string): void {
  if (!inWindow()) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  void app.Painted({ screen, dark }).catch(() => {});
}
