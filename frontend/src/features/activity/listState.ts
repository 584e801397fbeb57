import { useAddressState } from "../../shell/addressState";
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
  const { state, change } = useAddressState(noFilter);
  return [state, change];
}
