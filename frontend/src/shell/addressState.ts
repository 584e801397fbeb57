import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/**
 * The state of a list in the address, as in `/calls?setup=ID`, so that Back and a link bring the same list again.
 * `none` holds every name with its empty value: a text or `false`.
 */
export function readState<State extends object>(query: string, none: State): State {
  const params = new URLSearchParams(query);
  return Object.fromEntries(
    Object.entries(none).map(([name, empty]) => [name, empty === false ? params.has(name) : (params.get(name) ?? "")]),
  ) as State;
}

/** The state as what follows the `?`; "" for an empty state. */
export function writeState<State extends object>(state: State, none: State): string {
  const params = new URLSearchParams();
  for (const name of Object.keys(none)) {
    const value = state[name as keyof State];
    if (value) params.set(name, value === true ? "1" : String(value));
  }
  return params.toString();
}

interface AddressState<State> {
  state: State;
  /** Changes a part of it and replaces the entry in the history. */
  change: (part: Partial<State>) => void;
  /** Another path with the same state. */
  at: (path: string) => string;
}

/** `none` must stay the same object. */
export function useAddressState<State extends object>(none: State): AddressState<State> {
  const query = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => readState(query, none), [query, none]);
  const place = (to: string, next: State) => {
    const words = writeState(next, none);
    return words ? `${to}?${words}` : to;
  };
  return {
    state,
    change: (part) => navigate(place(path, { ...state, ...part }), { replace: true }),
    at: (to) => place(to, state),
  };
}
