import type { Answer, Channel, Rule } from "./types";

/** The words for what Go names by code (UI.md, Words). */

/** What one call sends, in the words of the question that is asked first. */
export const messageWords: Record<Channel, string> = {
  sms: "one real SMS",
  whatsapp_business: "one real WhatsApp message",
  email: "one real e-mail",
};

const modeLabels: Record<string, string> = { test: "Test", live: "Live" };

export const verdictLabels: Record<string, string> = {
  accepted: "Accepted",
  refused: "Refused",
  throttled: "Throttled",
  unclear: "Unclear",
  failed: "Failed",
};

/** The kinds of call that the list can be limited to. */
export const kindLabels: Record<string, string> = { live: "Live", test: "Test", simulator: "Simulator" };

/** What the simulator can be asked to play, in the order of the provider's file. */
export const outcomeLabels: Record<string, string> = {
  accepted: "Accepted",
  wrong_credentials: "Wrong credentials",
  bad_number: "Bad number",
  no_balance: "No balance",
  throttled: "Too fast",
  slow: "Slow",
  broken: "Broken answer",
  partial: "Partly accepted",
};

/** Test, Live, or that the simulator answered. */
export function modeText(call: { mode: string; simulated: string }): string {
  return call.simulated ? "Simulator" : (modeLabels[call.mode] ?? "");
}

/** "20 s", "5 min", "3 h": the remaining wait, rounded up. */
export function waitText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

export const deliveryLabels: Record<string, string> = {
  none: "",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  undelivered: "Undelivered",
};

/** "640 B", "1.2 kB", "3.4 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How the answer differs from what was sent, as sentences. `kept`: the cut is that of the history, not the screen. */
export function shortcomings(answer: Answer, textCut: boolean): string[] {
  const said: string[] = [];
  if (answer.cut === "size") said.push("The answer is larger than 10 MB. Only its first part was read.");
  else if (answer.cut === "ratio")
    said.push("The answer unpacks to far more than was sent. Keydesk stopped reading it.");
  else if (answer.cut === "broken") said.push("The answer arrived packed and could not be unpacked to its end.");
  else if (answer.cut === "halfway") said.push("The connection ended before the answer did. This is what arrived.");
  else if (answer.truncated) said.push("This is not the whole answer.");
  if (answer.unknown_coding)
    said.push(
      `The answer is packed as “${answer.unknown_coding}”, which Keydesk does not know. It is shown as it came.`,
    );
  if (answer.claimed_coding) said.push(`The answer says it is packed as ${answer.claimed_coding}, but it is not.`);
  if (textCut) said.push("The answer is long. Only its first part is kept here.");
  if (answer.broken_text) said.push("Some of the answer is not valid text. Those places are shown as \uFFFD.");
  return said;
}

/** A rule as one line, in the words the backend uses: "status 201 and $.sid present". */
export function ruleText(rule: Rule): string {
  const line = `status ${rule.status.trim() || "200-299"}`;
  const conditions = rule.conditions.map(conditionText);
  if (conditions.length === 0 && !rule.each) return line;
  const text = conditions.join(rule.any_of ? " or " : " and ");
  if (rule.each)
    return text ? `${line} and for each of ${rule.each}: ${text}` : `${line} and something at ${rule.each}`;
  return `${line} and ${rule.any_of && conditions.length > 1 ? `(${text})` : text}`;
}

function conditionText({ from, path, test, value }: Rule["conditions"][number]): string {
  const where = from === "header" ? `header ${path}` : from === "text" ? `text "${path}"` : path;
  const shown = value || '""';
  const said: Record<typeof test, string> = {
    present: "present",
    absent: "absent",
    equals: `is ${shown}`,
    not_equals: `is not ${shown}`,
    one_of: `is one of ${shown}`,
    matches: `matches ${shown}`,
  };
  return `${where} ${said[test]}`;
}

/** Where a request goes, from an API URL as it is written: "this computer (localhost:7000)", "api.twilio.com". */
export function targetText(url: string): string {
  const host = /^\s*https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.replace(/^.*@/, "") ?? "";
  if (!host) return "";
  return isThisComputer(host) ? `this computer (${host})` : host;
}

function isThisComputer(hostAndPort: string): boolean {
  const host = hostAndPort.replace(/:\d+$/, "").toLowerCase();
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
