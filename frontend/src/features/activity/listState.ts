import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import type { ListInput } from "./types";

/** What of the list stands in the address. Days are YYYY-MM-DD as the person's calendar has them. */
export interface ListState {
  search: string;
  person: string;
  kind: string;
  outcome: string;
  from: string;
  until: string;
  /** "oldest" turns the list round. */
  order: string;
}

const names = ["search", "person", "kind", "outcome", "from", "until", "order"] as const;

export const noFilter: ListState = { search: "", person: "", kind: "", outcome: "", from: "", until: "", order: "" };

export function inputOf(state: ListState): ListInput {
  return {
    text: state.search,
    actor_id: state.person,
    kind: state.kind,
    outcome: state.outcome,
    object_id: "",
    from_ms: dayMs(state.from, 0),
    // The last day counts whole.
    until_ms: dayMs(state.until, 1),
    oldest_first: state.order === "oldest",
    before: 0,
    limit: 100,
  };
}

/** The first moment of a day in the person's time, `later` days on; 0 for none. */
export function dayMs(day: string, later: number): number {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (!year) return 0;
  return new Date(Number(year), Number(month) - 1, Number(date) + later).getTime();
}

export function useListState(): [ListState, (part: Partial<ListState>) => void] {
  const query = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => {
    const params = new URLSearchParams(query);
    return Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as unknown as ListState;
  }, [query]);
  const change = (part: Partial<ListState>) => {
    const params = new URLSearchParams();
    const next = { ...state, ...part };
    for (const name of names) if (next[name]) params.set(name, next[name]);
    const words = params.toString();
    navigate(words ? `${path}?${words}` : path, { replace: true });
  };
  return [state, change];
}
