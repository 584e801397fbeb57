import { type ComponentType, type LazyExoticComponent, lazy } from "react";

type Module<Props> = { default: ComponentType<Props> };

/** A screen whose code is a file of its own. */
export interface Preloaded<Props = object> {
  /** Draws the screen; in the same moment when its code is here, else Suspense waits for it. */
  Shown: LazyExoticComponent<ComponentType<Props>>;
  /** Gets the code before the screen is shown. Never rejects: showing it tries again and says what is wrong. */
  fetch: () => Promise<void>;
}

/**
 * React's lazy, but for code that can be fetched ahead. A plain lazy waits a moment even for code that is here, and
 * that moment is painted: an empty screen between the sign-in and the list.
 */
export function preload<Props = object>(load: () => Promise<Module<Props>>): Preloaded<Props> {
  let here: Module<Props> | null = null;
  const get = async () => {
    here = await load();
    return here;
  };
  return {
    Shown: lazy(() => (here ? atOnce(here) : get())),
    fetch: () =>
      get().then(
        () => {},
        () => {},
      ),
  };
}

/** A promise's shape that answers in the same moment, which lazy looks for before it waits. */
function atOnce<Props>(module: Module<Props>): Promise<Module<Props>> {
  // biome-ignore lint/suspicious/noThenProperty: being asked by `then` is what it is for.
  return { then: (found: (module: Module<Props>) => void) => found(module) } as unknown as Promise<Module<Props>>;
}
