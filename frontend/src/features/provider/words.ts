import { channelLabel } from "../../shell/channels";
import { countText } from "../../ui";
import type { Mark } from "./types";

/** How well a part is known, best first. */
export const markLabels: Record<Mark, string> = {
  V: "Verified",
  C: "Read in a client",
  U: "Not verified",
  "not documented": "Not documented",
};

/** What a provider's badge means. */
export const badgeSays: Record<Mark, string> = {
  V: "Read in the provider's own text.",
  C: "Read in a program that uses this provider, or on somebody else's page, not at the provider.",
  U: "Nobody has checked this at the provider. Test it before you rely on it.",
  "not documented": "Nobody has described this.",
};

export const originLabels: Record<string, string> = { builtin: "Built in", own: "Your own" };

export function originOf(line: { built_in: boolean }): string {
  return line.built_in ? "builtin" : "own";
}

export function channelsText(channels: string[]): string {
  return channels.map(channelLabel).join(", ");
}

export function setupsText(count: number): string {
  return count === 0 ? "No setup" : countText(count, false, "setup", "setups");
}

/** What happens to the setups of a provider when it is removed. */
export function afterRemoval(count: number): string {
  const last = "Save its file first if you may want it again.";
  if (count === 0) return `No setup uses it. ${last}`;
  const [uses, keeps, is, its, It] = count === 1 ? forOne : forMany;
  return (
    `${setupsText(count)} ${uses} it. ${keeps} ${its} request and ${is} judged by ${its} own rule or by the status alone. ` +
    `${It} credential can no longer be checked, and the simulator can no longer play it. ${last}`
  );
}

/** What happens to the setups of a provider when a newer file replaces it (RULES.md, Providers). */
export function afterReplacing(count: number): string {
  const [uses, , , its, It] = count === 1 ? forOne : forMany;
  return (
    `${setupsText(count)} ${uses} it. ${It} request stays until you take over the changes in ${its} form. ` +
    "What counts as accepted, the words for errors, and the simulator follow the new file at once."
  );
}

const forOne = ["uses", "It keeps", "is", "its", "Its"] as const;
const forMany = ["use", "They keep", "are", "their", "Their"] as const;

export const outcomeLabels: Record<string, string> = {
  accepted: "Accepted",
  wrong_credentials: "Wrong credentials",
  bad_number: "Bad number",
  no_balance: "No balance",
  throttled: "Too many at once",
  slow: "A slow answer",
  broken: "A broken answer",
  partial: "Some accepted, some refused",
};
