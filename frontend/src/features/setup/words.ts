import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

/** The words for what Go names by code (UI.md, Form of a setup). The labels are exact, and tests check them. */

export type Channel = Plain<model.setup.Channel>;
export type AuthType = Plain<model.request.AuthType>;
export type BodyFormat = Plain<model.request.BodyFormat>;

/** Exactly these five (A26). */
export const authLabels: Record<AuthType, string> = {
  none: "NoAuth",
  api_key: "API Key",
  bearer: "Bearer Token",
  basic: "Basic Auth",
  oauth2: "OAuth 2.0",
};

export const addToLabels: Record<Plain<model.request.KeyLocation>, string> = {
  header: "Header",
  query: "Query Params",
  body: "Body",
};

/** Where client id and secret go when a token is fetched. */
export const clientInLabels: Record<Plain<model.request.ClientLocation>, string> = {
  "": "Automatic",
  header: "Header, encoded",
  header_plain: "Header, as they are",
  body: "Body",
};

/** The four of A36 first. */
export const methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

export const bodyLabels: Record<BodyFormat, string> = {
  "": "As usual for the method",
  none: "None",
  json: "JSON",
  form: "Form",
  multipart: "Multipart form",
  raw_json: "Raw JSON",
  raw_xml: "Raw XML",
  raw_text: "Raw text",
};

export const verdictLabels: Record<string, string> = {
  accepted: "Accepted",
  refused: "Refused",
  throttled: "Throttled",
  unclear: "Unclear",
  failed: "Failed",
  never: "Never",
};

/** The sections in their order, with exactly these titles. Message is there with a provider only. */
export const sectionTitles = {
  place: "Process Configuration",
  communication: "Communication Settings",
  auth: "Authentication Configuration",
  message: "Message",
  api: "API Configuration",
  headers: "Additional Header List",
  params: "Custom Parameter List",
  stageParams: "Stage Parameter List",
  rule: "What counts as accepted",
  options: "Options",
} as const;

export type SectionKey = keyof typeof sectionTitles;

/** The id of a section in the form, for the list of sections and for messages that lead there. */
export const anchorOf = (key: SectionKey) => `setup-${key}`;

export function providerLabel(provider: string): string {
  return provider || "Other";
}

/** Choices of a Select out of a record of labels. */
export function choices<Key extends string>(labels: Record<Key, string>): { value: Key; label: string }[] {
  return (Object.entries(labels) as [Key, string][]).map(([value, label]) => ({ value, label }));
}

/** "2 h", "1 d": how long ago, short enough for a column. */
export function agoText(thenMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - thenMs) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (24 * 60))} d`;
}

/** How well a provider is known. */
export const badgeWords: Record<string, string> = {
  V: "Verified",
  C: "Read in a client, not at the provider",
  U: "Not verified",
  "not documented": "Not documented",
};
