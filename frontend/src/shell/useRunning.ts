import { useQuery } from "@tanstack/react-query";
import { type model, organisation } from "../bridge/api";
import { type Plain, read } from "../bridge/query";

/** What runs beside the window: the local API, and whether sending is paused. Undefined until it is known. */
export function useRunning(): Plain<model.organisation.Running> | undefined {
  return useQuery(read(organisation.Running, undefined)).data;
}
