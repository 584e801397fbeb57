import { cutAtHits } from "../../ui/text";
import type { ListState } from "./listState";
import type { Summary } from "./types";
import { channelsText, markLabels, originLabels, originOf } from "./words";

/** The text of a provider that is searched. */
function textsOf(line: Summary): string[] {
  return [line.name, line.service, line.id, channelsText(line.channels)];
}

/** Whether the searched text contains every word, in any case and script. */
function fits(line: Summary, search: string): boolean {
  const words = search.split(/\s+/).filter(Boolean);
  return words.every((word) => textsOf(line).some((text) => cutAtHits(text, word).some((piece) => piece.hit)));
}

const markOrder = Object.keys(markLabels);
const byName = (a: Summary, b: Summary) => a.name.localeCompare(b.name, "en") || a.id.localeCompare(b.id, "en");

const orders: Record<string, (a: Summary, b: Summary) => number> = {
  name: byName,
  channels: (a, b) => channelsText(a.channels).localeCompare(channelsText(b.channels), "en"),
  badge: (a, b) => markOrder.indexOf(a.badge) - markOrder.indexOf(b.badge),
  origin: (a, b) => (originLabels[originOf(a)] ?? "").localeCompare(originLabels[originOf(b)] ?? "", "en"),
  setups: (a, b) => a.setups - b.setups,
  testable: (a, b) => Number(b.testable) - Number(a.testable),
};

/** The providers that match the search and the filters, in the chosen order, then by name. */
export function shownOf(all: Summary[], state: ListState): Summary[] {
  const order = orders[state.sort] ?? byName;
  const turn = state.descending ? -1 : 1;
  return all
    .filter((line) => !state.channel || line.channels.includes(state.channel))
    .filter((line) => !state.origin || originOf(line) === state.origin)
    .filter((line) => fits(line, state.search))
    .sort((a, b) => turn * order(a, b) || byName(a, b));
}
