import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/** What of the list stands in the address: `/providers?channel=sms`. */
export interface ListState {
  search: string;
  channel: string;
  /** "builtin" or "own". */
  origin: string;
  sort: string;
  descending: string;
}

const names = ["search", "channel", "origin", "sort", "descending"] as const;

export const noFilter = { search: "", channel: "", origin: "" };

export function stateOf(query: string): ListState {
  const params = new URLSearchParams(query);
  return Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as unknown as ListState;
}

function queryOf(state: ListState): string {
  const params = new URLSearchParams();
  for (const name of names) if (state[name]) params.set(name, state[name]);
  return params.toString();
}

/** The list's state, its change, and the way to a provider and back that keeps it. */
export function useListState() {
  const query = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => stateOf(query), [query]);
  const at = (place: string, next: ListState) => {
    const words = queryOf(next);
    return words ? `${place}?${words}` : place;
  };
  return {
    state,
    change: (part: Partial<ListState>) => navigate(at(path, { ...state, ...part }), { replace: true }),
    open: (id: string) => navigate(at(`/providers/${encodeURIComponent(id)}`, state)),
    close: () => navigate(at("/providers", state)),
  };
}
