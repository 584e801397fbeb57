import { type ComponentType, type LazyExoticComponent, lazy } from "react";

type Module<Props> = { default: ComponentType<Props> };

/** A screen whose code is in a separate file. */
export interface Preloaded<Props = object> {
  /** Renders the screen at once when its code is loaded; otherwise Suspense waits for it. */
  Shown: LazyExoticComponent<ComponentType<Props>>;
  /** Loads the code before the screen is shown. Never rejects: showing it tries again and says what is wrong. */
  fetch: () => Promise<void>;
}

/**
 * React's lazy, but for code that can be loaded ahead. A plain lazy waits a moment even for loaded code, and that
 * moment is painted: an empty screen between the sign-in and the list.
 */
export function preload<Props = object>(load: () => Promise<Module<Props>>): Preloaded<Props> {
  let loaded: Module<Props> | null = null;
  const get = async () => {
    loaded = await load();
    return loaded;
  };
  return {
    Shown: lazy(() => (loaded ? atOnce(loaded) : get())),
    fetch: () =>
      get().then(
        () => {},
        () => {},
      ),
  };
}

/** A thenable that calls back at once; lazy takes its value without waiting. */
function atOnce<Props>(module: Module<Props>): Promise<Module<Props>> {
  // biome-ignore lint/suspicious/noThenProperty: it has to be a thenable.
  return { then: (found: (module: Module<Props>) => void) => found(module) } as unknown as Promise<Module<Props>>;
}
