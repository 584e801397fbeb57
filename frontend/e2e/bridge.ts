/** The bridge between the page and Go, slowed down or refused by a test as a slow disk or an old session would. */
import type { Page } from "playwright-core";

export interface Bridge {
  /** Every call to Go takes this much longer from now on, in milliseconds. */
  delay: (ms: number) => Promise<void>;
  /** The next call of a method, such as `User.Create`, is refused with this line of JSON. */
  refuseNext: (method: string, fault: string) => Promise<void>;
  /** Waits until every call has been answered. */
  quiet: () => Promise<void>;
}

/** Puts itself between the page and Wails' methods. Call it before the page is loaded. */
export async function holdBridge(page: Page): Promise<Bridge> {
  await page.addInitScript(() => {
    const held = { delayMs: 0, waiting: 0, refusals: {} as Record<string, string[]> };
    // biome-ignore lint/suspicious/noExplicitAny: Wails' methods are made at run time.
    const wrap = (target: any, path: string[]): any =>
      new Proxy(target, {
        get: (object, name) => {
          const value = object[name];
          if (typeof name !== "string") return value;
          if (typeof value === "function") {
            return async (...input: unknown[]) => {
              const refusal = held.refusals[[...path.slice(1), name].join(".")]?.shift();
              held.waiting++;
              try {
                if (held.delayMs > 0) await new Promise((done) => setTimeout(done, held.delayMs));
                if (refusal) throw refusal;
                return await value(...input);
              } finally {
                held.waiting--;
              }
            };
          }
          return value && typeof value === "object" ? wrap(value, [...path, name]) : value;
        },
      });
    let go: unknown;
    Object.defineProperty(window, "go", {
      configurable: true,
      get: () => go && wrap(go, []),
      set: (value) => {
        go = value;
      },
    });
    Object.assign(window, { held });
  });
  return {
    delay: (ms) =>
      page.evaluate((delayMs) => {
        (window as unknown as { held: { delayMs: number } }).held.delayMs = delayMs;
      }, ms),
    refuseNext: (method, fault) =>
      page.evaluate(
        ({ method, fault }) => {
          const { refusals } = (window as unknown as { held: { refusals: Record<string, string[]> } }).held;
          refusals[method] = [...(refusals[method] ?? []), fault];
        },
        { method, fault },
      ),
    quiet: async () => {
      await page.waitForFunction(() => (window as unknown as { held: { waiting: number } }).held.waiting === 0);
    },
  };
}
