import { useLocation } from "wouter";
import { useAddressState } from "../../shell/addressState";

/** The list's state as it is in the address: `/providers?channel=sms`. */
export interface ListState {
  search: string;
  channel: string;
  /** "builtin" or "own". */
  origin: string;
  sort: string;
  descending: string;
}

export const noFilter = { search: "", channel: "", origin: "" };

const nothing: ListState = { ...noFilter, sort: "", descending: "" };

/** The list's state, how to change it, and the way to a provider and back that keeps it. */
export function useListState() {
  const [, navigate] = useLocation();
  const { state, change, at } = useAddressState(nothing);
  return {
    state,
    change,
    open: (id: string) => navigate(at(`/providers/${encodeURIComponent(id)}`)),
    close: () => navigate(at("/providers")),
  };
}
