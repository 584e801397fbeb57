import { useLocation } from "wouter";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { useAddressState } from "../../shell/addressState";

export type ListInput = Plain<model.call.ListInput>;

/** The list's state as it is in the address: `/calls?setup=ID`, `/calls?run=ID`. */
export interface ListState {
  /** Part of a recipient. */
  search: string;
  result: string;
  /** A key of `kindLabels`: what was sent for good, tried at the address, or played by the simulator. */
  mode: string;
  setup: string;
  run: string;
  /** "oldest" reverses the list. */
  order: string;
}

export const nothing: ListState = { search: "", result: "", mode: "", setup: "", run: "", order: "" };

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

/** The list's state, how to change it, and the way to a call and back that keeps it. */
export function useListState() {
  const [, navigate] = useLocation();
  const { state, change, at } = useAddressState(nothing);
  return {
    state,
    change,
    open: (id: string, options?: { replace?: boolean }) => navigate(at(`/calls/${id}`), options),
    close: () => navigate(at("/calls")),
  };
}
