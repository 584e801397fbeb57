import { setup } from "../bridge/api";
import { useCan } from "../bridge/can";
import { navigate } from "./location";

/**
 * Returns a function that opens the form of a saved setup at the input with this path; undefined for a person who may
 * not change the setup. `SetupEditor` reads the path from the address.
 */
export function useToField(setupId: string): ((path: string) => void) | undefined {
  const mayEdit = useCan(setup.Update);
  return mayEdit && setupId ? (path) => navigate(`/setups/${setupId}?to=${encodeURIComponent(path)}`) : undefined;
}
