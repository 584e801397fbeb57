import { type RefCallback, useCallback, useRef } from "react";

/**
 * What is open above the screen, in the order of opening: dialogs, questions, the palette. The last one has the focus
 * and the Escape key; all that was there before it is inert, so that neither Tab nor a late `focus()` gets behind it.
 * The lock is above everything, also above what opens later, but for the question of a window that is being closed:
 * that one can be answered by anybody who can close the window.
 *
 * What is drawn on top follows from the same order: all of them have one z-index, and each is added to the end of the
 * document when it opens. So what is open must be mounted only while it is open.
 */
interface Layer {
  root: HTMLElement;
  close: () => void;
  rank: Rank;
}

/** What is above what, whatever was opened first. */
type Rank = "dialog" | "lock" | "closing";
const ranks: Rank[] = ["closing", "lock", "dialog"];

/** The one z-index of dialogs, lists of choices and tool tips: the one opened later is on top. */
export const layerZIndex = 200;

const layers: Layer[] = [];
const inert = new Set<HTMLElement>();

function top(): Layer | undefined {
  for (const rank of ranks) {
    const layer = layers.findLast((each) => each.rank === rank);
    if (layer) return layer;
  }
  return undefined;
}

/** Makes inert what is below the topmost layer. The lists of choices that it opens come after it. */
function settle(): void {
  const layer = top();
  const below = new Set(layer && everything().filter((each) => isBelow(each, layer)));
  for (const each of inert) if (!below.has(each)) each.removeAttribute("inert");
  for (const each of below) each.setAttribute("inert", "");
  inert.clear();
  for (const each of below) inert.add(each);
}

/** The parts of the page, and what is open above it. */
function everything(): HTMLElement[] {
  return [...document.body.children]
    .flatMap((each) => [...each.children])
    .filter((each) => each instanceof HTMLElement);
}

function isBelow(each: HTMLElement, { root, rank }: Layer): boolean {
  if (each.contains(root)) return false;
  if (rank !== "dialog") return true;
  // Messages in the corner can be read and closed beside a dialog.
  if (each.matches(".mantine-Notifications-root")) return false;
  return (each.compareDocumentPosition(root) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

// Mantine's dialogs all listen for Escape on the window, so one key would close all of them. This listener is added
// before any of theirs.
window.addEventListener(
  "keydown",
  (event) => {
    const layer = top();
    if (event.key !== "Escape" || event.isComposing || !layer) return;
    // An open list of choices handles the key itself.
    const inList =
      event.target instanceof Element && event.target.getAttribute("data-mantine-stop-propagation") === "true";
    if (inList && !isInert(event.target)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    layer.close();
  },
  true,
);

function isInert(target: Element): boolean {
  return target.closest("[inert]") !== null;
}

/** The topmost dialog, which gets the focus when what was above it has closed. */
export function topDialog(): HTMLElement | null {
  return top()?.root.querySelector<HTMLElement>("[role=dialog]") ?? null;
}

/** Whether the lock, or the question of a window that is being closed, is above the page. */
export function isLocked(): boolean {
  return layers.some((layer) => layer.rank !== "dialog");
}

interface LayerOptions {
  rank?: Rank;
}

/** Returns the ref for the root of something that opens above the screen, and is mounted only while it is open. */
export function useLayer(close: () => void, { rank = "dialog" }: LayerOptions = {}): RefCallback<HTMLElement> {
  const latest = useRef(close);
  latest.current = close;
  return useCallback(
    (root) => {
      if (!root) return;
      const layer = { root, close: () => latest.current(), rank };
      layers.push(layer);
      settle();
      return () => {
        layers.splice(layers.indexOf(layer), 1);
        settle();
      };
    },
    [rank],
  );
}
