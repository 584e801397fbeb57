import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type ListInput = Plain<model.call.ListInput>;

/** What of the list stands in the address: `/calls?setup=ID`, `/calls?run=ID`. */
export interface ListState {
  /** Part of a recipient. */
  search: string;
  result: string;
  /** A key of `kindLabels`: what was sent for good, tried at the address, or played by the simulator. */
  mode: string;
  setup: string;
  run: string;
  /** "oldest" turns the list round. */
  order: string;
}

export const nothing: ListState = { search: "", result: "", mode: "", setup: "", run: "", order: "" };

const names = ["search", "result", "mode", "setup", "run", "order"] as const;

export function stateOf(query: string): ListState {
  const params = new URLSearchParams(query);
  return Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""])) as unknown as ListState;
}

export function queryOf(state: ListState): string {
  const params = new URLSearchParams();
  for (const name of names) if (state[name]) params.set(name, state[name]);
  return params.toString();
}

export function inputOf(state: ListState): ListInput {
  return {
    setup_id: state.setup,
    run_id: state.run,
    mode: state.mode === "simulator" ? "" : state.mode,
    target: targets[state.mode] ?? "",
    verdict: state.result,
    recipient: state.search,
    oldest_first: state.order === "oldest",
    before: "",
    limit: 100,
  };
}

const targets: Record<string, string> = { test: "address", simulator: "simulator" };

/** The list's state, its change, and the way to a call and back that keeps it. */
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
    open: (id: string, options?: { replace?: boolean }) => navigate(at(`/calls/${id}`, state), options),
    close: () => navigate(at("/calls", state)),
  };
}
