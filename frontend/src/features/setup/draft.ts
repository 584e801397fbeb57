import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import type { AuthType, SectionKey } from "./words";

export type Draft = Plain<model.setup.Draft>;
/** Where a draft's stored secrets come from: the setup edited or copied, or a pasted example. */
export type Source = Plain<model.setup.Source>;
export type Spec = Plain<model.request.Spec>;
/** What is entered in the provider's form; absent without a provider. */
export type Entered = Plain<model.provider.Entered>;
export type Auth = Plain<model.request.Auth>;
export type Value = Plain<model.request.Value>;
export type Header = Plain<model.request.Header>;
export type Param = Plain<model.request.Param>;
export type StageParam = Plain<model.request.StageParam>;
export type Rule = Plain<model.verdict.Rule>;
export type Options = Plain<model.setup.Options>;
export type Field = Plain<model.process.Field>;
export type Place = Plain<model.process.Node>;
export type Stage = Plain<model.process.Stage>;

/** The form's messages by path: `draft.request.headers.0.value`. */
export type Errors = Record<string, string>;

/** What every section of the form gets. */
export interface SectionProps {
  draft: Draft;
  /** Changes members of the draft. */
  change: (part: Partial<Draft>) => void;
  /** Changes members of its request. */
  changeRequest: (part: Partial<Spec>) => void;
  errors: Errors;
  readOnly: boolean;
}

export const noSource: Source = { setup_id: "", paste_id: "" };

const plainValue: Value = { plain: "", secret: false, stored: false, typed: "" };
const secretValue: Value = { ...plainValue, secret: true };

export function emptyAuth(type: AuthType): Auth {
  return {
    type,
    key_name: "",
    key_value: secretValue,
    add_to: "header",
    token: secretValue,
    username: "",
    password: secretValue,
    header_prefix: type === "oauth2" ? "Bearer" : "",
    fetch_token: false,
    token_url: "",
    client_id: "",
    client_secret: secretValue,
    scopes: "",
    client_in: "",
  };
}

/**
 * Another auth type starts empty: nothing of the previous one stays in the form (A34). Back at the saved type, its
 * stored values return.
 */
export function authOfType(type: AuthType, saved: Auth | undefined): Auth {
  return saved?.type === type ? saved : emptyAuth(type);
}

export function emptyDraft(): Draft {
  return {
    place_id: "",
    stage_id: "",
    channel: "sms",
    provider: "",
    provider_version: 0,
    entered: undefined,
    by_hand: [],
    enabled: true,
    name: "",
    request: {
      method: "POST",
      url: "",
      body_format: "",
      raw_body: "",
      auth: emptyAuth("none"),
      headers: [],
      params: [],
      stage_params: [],
      fixed: [],
    },
    rule: undefined,
    options: { timeout_seconds: 30, redirects: 0, skip_tls_check: false, live_per_day: undefined },
  };
}

/** A row's id names its sealed secret; Go keeps the id made here. */
const newId = () => crypto.randomUUID();

export const newHeader = (name = "", plain = ""): Header => ({ id: newId(), name, value: { ...plainValue, plain } });

export const newParam = (name = "", plain = ""): Param => ({
  id: newId(),
  name,
  value: { ...plainValue, plain },
  type: "",
  in: "",
  optional: false,
});

export const newStageParam = (variable = "", field = ""): StageParam => ({
  id: newId(),
  variable,
  field,
  default: "",
});

const isEmptyValue = (value: Value) => !value.plain && !value.typed && !value.stored;

export const isEmptyHeader = (row: Header) => !row.name.trim() && isEmptyValue(row.value);
export const isEmptyParam = (row: Param) => !row.name.trim() && isEmptyValue(row.value);
export const isEmptyStageParam = (row: StageParam) => !row.variable.trim() && !row.field && !row.default;

/** Rows in which nothing was entered are not part of what is saved. */
export function withoutEmptyRows(draft: Draft): Draft {
  const { request } = draft;
  return {
    ...draft,
    request: {
      ...request,
      headers: request.headers.filter((row) => !isEmptyHeader(row)),
      params: request.params.filter((row) => !isEmptyParam(row)),
      stage_params: request.stage_params.filter((row) => !isEmptyStageParam(row)),
    },
  };
}

/** What is entered in a field of the provider's form. */
export const enteredIn = (draft: Draft, id: string): Value | undefined =>
  draft.entered?.values.find((each) => each.id === id)?.value;

const placed = <Item extends { id: string }>(list: Item[], item: Item): Item[] =>
  list.some(({ id }) => id === item.id) ? list.map((each) => (each.id === item.id ? item : each)) : [...list, item];

export function withEntered(draft: Draft, id: string, value: Value): Draft {
  const { values, tables } = draft.entered ?? nothingEntered;
  return { ...draft, entered: { tables, values: placed(values, { id, value }) } };
}

export function withTable(draft: Draft, id: string, rows: Entered["tables"][number]["rows"]): Draft {
  const { values, tables } = draft.entered ?? nothingEntered;
  return { ...draft, entered: { values, tables: placed(tables, { id, rows }) } };
}

const nothingEntered: Entered = { values: [], tables: [] };

/** Switches between secret and plain: what was typed in this form is kept, what is stored never becomes plain (A56). */
export function toggleSecret(value: Value): Value {
  return value.secret
    ? { ...value, secret: false, plain: value.typed, typed: "" }
    : { ...value, secret: true, plain: "", typed: value.plain };
}

/** Names a variable after a stage field: letters, digits and `_ . -` (R1), different from the names in use. */
export function variableName(field: string, taken: string[]): string {
  const base = field.replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, "_").replace(/^_+|_+$/g, "") || "value";
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}_${count}`;
    if (!taken.includes(name)) return name;
  }
}

const sectionPaths: [string, SectionKey][] = [
  ["draft.place_id", "place"],
  ["draft.stage_id", "place"],
  ["stage_ids", "place"],
  ["draft.channel", "communication"],
  ["draft.provider", "communication"],
  ["draft.request.auth", "auth"],
  ["draft.request.headers", "headers"],
  ["draft.request.params", "params"],
  ["draft.request.fixed", "message"],
  ["draft.rows", "message"],
  ["draft.entered", "message"],
  ["draft.request.stage_params", "stageParams"],
  ["draft.request", "api"],
  ["draft.rule", "rule"],
  ["draft", "options"],
];

/** The section that has the input of a path. `accounts` are the indexes of the provider's account fields. */
export function sectionOf(path: string, accounts?: Set<number>): SectionKey {
  const fixed = /^draft\.request\.fixed\.(\d+)\./.exec(path);
  if (fixed && accounts?.has(Number(fixed[1]))) return "auth";
  const found = sectionPaths.find(([start]) => path === start || path.startsWith(`${start}.`));
  return found?.[1] ?? "options";
}

function at(draft: Draft, path: string): unknown {
  // A message about a provider's field is about what is entered there.
  const fixed = /^draft\.request\.fixed\.(\d+)\.value$/.exec(path);
  const field = fixed && draft.request.fixed[Number(fixed[1])];
  const entered = field && enteredIn(draft, field.name);
  if (entered) return entered;
  let value: unknown = { draft };
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** The messages that still apply: one goes away once its input has changed. */
export function errorsStillTrue(errors: Errors, before: Draft, after: Draft): Errors {
  const kept = Object.entries(errors).filter(([path]) => at(before, path) === at(after, path));
  return kept.length === Object.keys(errors).length ? errors : Object.fromEntries(kept);
}
