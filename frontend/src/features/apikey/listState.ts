import { useLocation } from "wouter";
import { useAddressState } from "../../shell/addressState";
import type { ListInput } from "./types";

/** The list's state as it is in the address. Numbers of days are texts there, "" for any. */
export interface ListState {
  search: string;
  status: string;
  creator: string;
  unused: string;
  expiring: string;
  /** *Keys to review*, and what counts as unused there. */
  review: boolean;
  days: string;
  sort: string;
  descending: boolean;
}

export const noFilter: ListState = {
  search: "",
  status: "",
  creator: "",
  unused: "",
  expiring: "",
  review: false,
  days: "",
  sort: "",
  descending: false,
};

/** After how many days without a request a key is to be reviewed, unless another number is chosen. */
const reviewDays = 90;

export const daysOf = (state: ListState) => Number(state.days) || reviewDays;

export function inputOf(state: ListState): ListInput {
  return {
    search: state.search,
    status: state.status,
    creator: state.creator,
    unused_days: state.review ? 0 : Number(state.unused) || 0,
    expiring_days: state.review ? 0 : Number(state.expiring) || 0,
    review: state.review,
    review_days: state.review ? daysOf(state) : 0,
    sort: state.sort,
    descending: state.descending,
    after: "",
    limit: 100,
  };
}

/** The list's state, and the way to a key and back that keeps it. */
export function useListState(base: string) {
  const [, navigate] = useLocation();
  const { state, change, at } = useAddressState(noFilter);
  return {
    state,
    change,
    open: (id: string) => navigate(at(`${base}/${id}`)),
    close: () => navigate(at(base)),
  };
}
