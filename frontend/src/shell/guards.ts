import { openLink } from "../bridge/runtime";

/**
 * Keeps the window on the page, since it is not a browser. Links within the page (`#/…`) work, https links open in the
 * person's browser after a question, and everything else does nothing. Returns a function that undoes it, for tests.
 */
export function installGuards(target: Window = window): () => void {
  const doc = target.document;
  const off = new AbortController();
  const listen = (name: string, handler: (event: Event) => void, capture = false) =>
    doc.addEventListener(name, handler, { capture, signal: off.signal });

  const onAnchor = (event: Event) => {
    const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const href = anchor?.getAttribute("href");
    if (href === null || href === undefined) return;
    // A middle click or Ctrl+click on a link within the page would open a second window.
    const mouse = event as MouseEvent;
    if (href.startsWith("#") && event.type === "click" && !mouse.ctrlKey && !mouse.metaKey && !mouse.shiftKey) return;
    event.preventDefault();
    if (href.startsWith("https://")) openLink(href);
  };
  listen("click", onAnchor);
  listen("auxclick", onAnchor);
  listen("submit", (event) => event.preventDefault());
  // Files and links dropped on the window would replace the page.
  for (const name of ["dragenter", "dragover", "drop"]) listen(name, (event) => event.preventDefault(), true);
  listen("dragstart", (event) => event.preventDefault(), true);
  listen("contextmenu", (event) => {
    const place = event.target instanceof Element ? event.target : null;
    const selected = (target.getSelection()?.toString() ?? "") !== "";
    if (!selected && !place?.closest("input, textarea, [contenteditable]")) event.preventDefault();
  });

  const open = target.open;
  target.open = (url) => {
    if (url !== undefined && String(url).startsWith("https://")) openLink(String(url));
    return null;
  };
  return () => {
    off.abort();
    target.open = open;
  };
}
