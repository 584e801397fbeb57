import type { model } from "../../bridge/api";
import { type Fault, fieldErrors } from "../../bridge/fault";
import type { Plain } from "../../bridge/query";
import { newTerm, type TermDraft, termOf } from "./term";

export type CreateInput = Plain<model.apikey.CreateInput>;
export type Scope = Plain<model.access.ScopeInfo>;

/** A key that is being made, as its form holds it. */
export interface KeyDraft {
  title: string;
  term: TermDraft;
  scopes: string[];
  /** It gets every scope there is today. */
  full: boolean;
  /** It may send only for the chosen places and channels. */
  limited: boolean;
  places: string[];
  channels: string[];
  /** Numbers are as typed; empty is no limit of its own. */
  livePerDay: string;
  sources: string;
  perMinute: string;
}

interface Template {
  id: string;
  label: string;
  text: string;
  scopes: string[];
}

/** What a key may do, in words; the first that a person may give is chosen at first. */
const templates: Template[] = [
  {
    id: "try",
    label: "Try out",
    text: "Simulates and previews calls. Nothing is ever sent.",
    scopes: ["calls:simulate"],
  },
  {
    id: "send",
    label: "Send messages (CRM)",
    text: "Sends messages, and can simulate and preview them.",
    scopes: ["calls:send"],
  },
  {
    id: "read",
    label: "Read only",
    text: "Reads setups without secrets, calls with their results, and usage.",
    scopes: ["setups:read", "calls:read", "usage:read"],
  },
];

/** The scopes that somebody may give: nobody grants what their own role lacks. */
export function scopesFor(all: Scope[], permissions: readonly string[]): Scope[] {
  return all.filter((each) => permissions.includes(each.permission));
}

/** The templates that somebody may give. */
export function templatesFor(scopes: Scope[]): Template[] {
  const held = scopes.map((each) => each.scope as string);
  return templates.filter((each) => each.scopes.every((scope) => held.includes(scope)));
}

export function newDraft(scopes: Scope[]): KeyDraft {
  return {
    title: "",
    term: newTerm,
    scopes: templatesFor(scopes)[0]?.scopes ?? [],
    full: false,
    limited: false,
    places: [],
    channels: [],
    livePerDay: "",
    sources: "",
    perMinute: "",
  };
}

const same = (some: string[], others: string[]) =>
  some.length === others.length && some.every((each) => others.includes(each));

/** The template that the draft fits: its id, `full`, or "" for scopes that were chosen one by one. */
export function templateOf({ scopes, full }: KeyDraft): string {
  if (full) return "full";
  return templates.find((each) => same(each.scopes, scopes))?.id ?? "";
}

export function sends({ scopes, full }: KeyDraft): boolean {
  return full || scopes.includes("calls:send");
}

/** Whether the key can ask for calls, so that it matters for which places. */
export function calls(draft: KeyDraft): boolean {
  return sends(draft) || draft.scopes.includes("calls:simulate");
}

const numberOf = (typed: string) => (/^\d{1,9}$/.test(typed.trim()) ? Number(typed) : 0);

export function inputOf(draft: KeyDraft, requestId: string): CreateInput {
  const limited = draft.limited && calls(draft);
  return {
    request_id: requestId,
    title: draft.title,
    expires: termOf(draft.term),
    full_access: draft.full,
    grants: {
      scopes: draft.full ? [] : draft.scopes,
      places: limited ? draft.places : [],
      channels: limited ? draft.channels : [],
      live_per_day: sends(draft) ? numberOf(draft.livePerDay) : 0,
      sources: draft.sources
        .split(/[\s,;]+/)
        .map((each) => each.trim())
        .filter(Boolean),
      per_minute: numberOf(draft.perMinute),
    },
  };
}

/** What the page knows to be missing: none chosen would be everywhere. */
export function problemsOf(draft: KeyDraft): Record<string, string> {
  if (draft.limited && calls(draft) && draft.places.length === 0 && draft.channels.length === 0)
    return { "grants.places": "Choose at least one process or channel, or Everywhere." };
  return {};
}

/** Go's messages by the names of the form, also for a key that is taken over. */
export function errorsOf(fault: Fault | null): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const [name, message] of Object.entries(fieldErrors(fault))) {
    const at = name
      .replace(/^new\./, "")
      .replace(/^expires\..*/, "expires")
      .replace(/^(grants\.\w+)\..*/, "$1");
    errors[at] ??= message;
  }
  return errors;
}
