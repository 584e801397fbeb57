import { useQuery } from "@tanstack/react-query";
import { type model, organisation } from "../bridge/api";
import { type Plain, read } from "../bridge/query";

/** How often a problem is looked at again, in milliseconds; Go tries a port that is taken as often. */
const retryMs = 5_000;

/** What runs beside the window: the local API, and whether sending is paused. Undefined until it is known. */
export function useRunning(): Plain<model.organisation.Running> | undefined {
  return useQuery({
    ...read(organisation.Running, undefined),
    // Changes are told by the window; only that a problem went away is not.
    refetchInterval: ({ state }) => (state.data?.problem ? retryMs : false),
  }).data;
}
