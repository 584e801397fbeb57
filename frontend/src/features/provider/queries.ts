import { provider } from "../../bridge/api";
import { read } from "../../bridge/query";

/**
 * This screen reads again each time it is opened: it counts setups, which change elsewhere, and files, which people
 * put into the folder by hand.
 */
const eachTime = { staleTime: 0 };

export function readList() {
  return { ...read(provider.List, undefined, { watches: ["setup"] }), ...eachTime };
}

export function readOne(id: string) {
  return { ...read(provider.Get, { id }, { watches: ["setup"] }), ...eachTime };
}
