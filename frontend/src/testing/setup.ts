import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// On a busy machine results come late, and one second was too short to wait. Test files share a worker and its
// imports, so this runs before each file and resets what the previous file may have set.
configure({ asyncUtilTimeout: 15_000, defaultHidden: false });

// What jsdom lacks and the components need. Elements get a size, or a virtual list would render no rows.
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, get: () => 640 });
Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, get: () => 1024 });
Object.defineProperty(Element.prototype, "clientHeight", { configurable: true, get: () => 640 });
Object.defineProperty(Element.prototype, "clientWidth", { configurable: true, get: () => 1024 });
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = function (this: Element, options?: unknown) {
  this.scrollTop = typeof options === "object" && options !== null && "top" in options ? Number(options.top) : 0;
  this.dispatchEvent(new Event("scroll"));
} as typeof Element.prototype.scrollTo;

window.matchMedia = (query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
  dispatchEvent: () => false,
});

class StillResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
vi.stubGlobal("ResizeObserver", StillResizeObserver);

Range.prototype.getClientRects = () =>
  ({ length: 0, item: () => null, [Symbol.iterator]: [][Symbol.iterator] }) as never;
Range.prototype.getBoundingClientRect = () => new DOMRect();

afterEach(() => {
  cleanup();
  // A test that fails half way must not leave its clock or its spies to the files that follow in the same worker.
  vi.useRealTimers();
  vi.restoreAllMocks();
  window.location.hash = "";
  window.go = undefined;
  window.runtime = undefined;
});
