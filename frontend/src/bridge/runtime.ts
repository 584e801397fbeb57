/**
 * The window's own abilities (Wails' runtime), each with what happens where there is none: in a browser during
 * development and in tests.
 */
interface Runtime {
  EventsOn(name: string, handler: (...data: unknown[]) => void): () => void;
  ClipboardSetText(text: string): Promise<boolean>;
  BrowserOpenURL(url: string): void;
}

declare global {
  interface Window {
    runtime?: Partial<Runtime>;
    go?: Record<string, Record<string, Record<string, (input?: unknown) => Promise<unknown>>>>;
  }
}

/** Hears a Wails event; the returned function stops listening. */
export function onEvent(name: string, handler: (...data: unknown[]) => void): () => void {
  return window.runtime?.EventsOn?.(name, handler) ?? (() => {});
}

/** Puts text on the clipboard; false when neither the window nor the browser could. */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (window.runtime?.ClipboardSetText) return await window.runtime.ClipboardSetText(text);
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens a page in the person's browser, never in the window. Which hosts may be opened is decided in Go; here only
 * https passes.
 */
export function openPage(url: string): void {
  if (url.startsWith("https://")) window.runtime?.BrowserOpenURL?.(url);
}
