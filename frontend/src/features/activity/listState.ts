import { useAddressState } from "../../shell/addressState";
import type { ListInput } from "./types";

/** The part of the list's state that is in the address. Days are YYYY-MM-DD in the person's time zone. */
export interface ListState {
  search: string;
  person: string;
  kind: string;
  outcome: string;
  from: string;
  until: string;
  /** "oldest" shows the oldest entries first. */
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
    // The whole last day counts.
    until_ms: dayMs(state.until, 1),
    oldest_first: state.order === "oldest",
    before: 0,
    limit: 100,
  };
}

/** When the day starts that is `later` days after `day`, in the person's time zone; 0 if `day` is empty. */
export function dayMs(day: string, later: number): number {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (!year) return 0;
  return new Date(Number(year), Number(month) - 1, Number(date) + later).getTime();
}

export function useListState(): [ListState, (part: Partial<ListState>) => void] {
  const { state, change } = useAddressState(noFilter);
  return [state, change];
}
