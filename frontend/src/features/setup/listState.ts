import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { useAddressState, writeState } from "../../shell/addressState";

export type ListInput = Plain<model.setup.ListInput>;

/** The list's state as it is in the address, so that Back and a link show the same list. */
export interface ListState {
  search: string;
  channel: string;
  auth: string;
  result: string;
  /** Only setups at this place or below it. */
  place: string;
  deleted: boolean;
  sort: string;
  descending: boolean;
}

const none: ListState = {
  search: "",
  channel: "",
  auth: "",
  result: "",
  place: "",
  deleted: false,
  sort: "",
  descending: false,
};

export function inputOf(state: ListState): ListInput {
  return {
    search: state.search,
    channel: state.channel,
    auth_type: state.auth,
    provider: "",
    verdict: state.result,
    place_id: state.place,
    deleted: state.deleted,
    sort: state.sort,
    descending: state.descending,
    after: "",
    limit: 100,
    enabled_only: false,
  };
}

export function useListState(): [ListState, (part: Partial<ListState>) => void] {
  const { state, change } = useAddressState(none);
  return [state, change];
}

let lastQuery = "";

/** The address of the list as it was last seen, for the way back from the form. */
export const listPlace = () => (lastQuery ? `/setups?${lastQuery}` : "/setups");

export function rememberList(state: ListState): void {
  lastQuery = writeState(state, none);
}
