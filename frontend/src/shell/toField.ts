import { setup } from "../bridge/api";
import { useCan } from "../bridge/can";
import { navigate } from "./location";

/**
 * The way to an input of a saved setup's form, a path of its draft; for who may change it. `SetupEditor` reads it from
 * the address.
 */
export function useToField(setupId: string): ((path: string) => void) | undefined {
  const mayEdit = useCan(setup.Update);
  return mayEdit && setupId ? (path) => navigate(`/setups/${setupId}?to=${encodeURIComponent(path)}`) : undefined;
}
