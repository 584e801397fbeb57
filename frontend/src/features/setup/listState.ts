import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type ListInput = Plain<model.setup.ListInput>;

/** What of the list stands in the address, so that Back and a link bring the same list again. */
export interface ListState {
  search: string;
  channel: string;
  auth: string;
  result: string;
  deleted: boolean;
  sort: string;
  descending: boolean;
}

export function stateOf(query: string): ListState {
  const params = new URLSearchParams(query);
  const text = (name: string) => params.get(name) ?? "";
  return {
    search: text("search"),
    channel: text("channel"),
    auth: text("auth"),
    result: text("result"),
    deleted: params.has("deleted"),
    sort: text("sort"),
    descending: params.has("descending"),
  };
}

export function queryOf(state: ListState): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value) params.set(name, value === true ? "1" : value);
  }
  return params.toString();
}

export function inputOf(state: ListState): ListInput {
  return {
    search: state.search,
    channel: state.channel,
    auth_type: state.auth,
    provider: "",
    verdict: state.result,
    place_id: "",
    deleted: state.deleted,
    sort: state.sort,
    descending: state.descending,
    after: "",
    limit: 100,
    enabled_only: false,
  };
}

export function useListState(): [ListState, (part: Partial<ListState>) => void] {
  const query = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => stateOf(query), [query]);
  const change = (part: Partial<ListState>) => {
    const next = queryOf({ ...state, ...part });
    navigate(next ? `${path}?${next}` : path, { replace: true });
  };
  return [state, change];
}

let lastQuery = "";

/** The list as it was last seen, to go back to from the form. */
export const listPlace = () => (lastQuery ? `/setups?${lastQuery}` : "/setups");

export function rememberList(state: ListState): void {
  lastQuery = queryOf(state);
}
