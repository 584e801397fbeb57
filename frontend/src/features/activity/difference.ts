/** The difference between two recorded states, field by field, in the words of the forms. */

import { channelLabels } from "../../shell/channels";
import { exactText } from "../../ui";

export interface FieldChange {
  label: string;
  /** The texts before and after; null where there is none. */
  before: string | null;
  after: string | null;
}

/** The labels of fields in the forms; the label of any other field is made from its name. */
const words: Record<string, string> = {
  add_to: "Add to",
  api_key: "API Key",
  auth_type: "Auth Type",
  body_format: "Body format",
  channel: "Key For",
  channels: "Channels",
  client_id: "Client ID",
  client_in: "Client ID and secret",
  client_secret: "Client secret",
  conditions: "Condition",
  default: "Default Value",
  each: "For each of",
  error_code: "Error code",
  error_text: "Error text",
  fetch_token: "Fetch the token automatically",
  fixed: "Added by the provider",
  header_prefix: "Header Prefix",
  headers: "Header",
  live_per_day: "Live messages a day, at most",
  must_change: "Must change the password",
  message_id: "Message id",
  method: "Method Type",
  params: "Custom Parameter",
  password: "Password",
  per_minute: "Requests a minute",
  permissions: "May",
  place_id: "Process",
  places: "Processes",
  prefix: "Header Prefix",
  provider: "Provider",
  raw_body: "Body",
  redirects: "Redirects followed",
  rule: "What counts as accepted",
  sample: "Sample value",
  scopes: "May do",
  skip_tls_check: "TLS check switched off",
  sources: "Source addresses",
  stage_id: "Stages",
  stage_params: "Stage Parameter",
  throttled: "Codes that mean too fast",
  timeout_seconds: "Time limit (seconds)",
  token: "Token",
  token_url: "Token URL",
  url: "API URL",
  username: "Username",
};

const valueWords: Record<string, Record<string, string>> = {
  channel: channelLabels,
  channels: channelLabels,
  scopes: {
    "calls:simulate": "Try out",
    "calls:send": "Send messages",
    "calls:read": "Read calls",
    "setups:read": "Read API Key Setups",
    "keys:verify": "Check other keys",
    "usage:read": "Read usage",
  },
  auth_type: { none: "NoAuth", api_key: "API Key", bearer: "Bearer Token", basic: "Basic Auth", oauth2: "OAuth 2.0" },
  add_to: { header: "Header", query: "Query Params", body: "Body" },
  client_in: {
    "": "Automatic",
    header: "Header, encoded",
    header_plain: "Header, as they are",
    body: "Body",
  },
  result: {
    accepted: "Accepted",
    refused: "Refused",
    throttled: "Throttled",
    unclear: "Unclear",
    failed: "Failed",
  },
  mode: { test: "Test", live: "Live" },
  state: { sending: "Sending", done: "Done" },
};

/** Levels of a record whose names are left out of labels. */
const silent = new Set(["request", "draft", "options", "auth", "may"]);

/** Moments, which are recorded in UTC. */
const moments = new Set(["expires"]);

/** Members that only the program uses; their changes are not shown. */
const internal = new Set(["id", "version", "code", "position", "created_ms", "updated_ms", "deleted_ms"]);

/** Reads a recorded state: undefined when there is none, and the text itself when it is not JSON. */
function parse(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The fields that differ. If there is only one state, the fields that are filled in. */
export function differenceOf(beforeText: string, afterText: string): FieldChange[] {
  const before = flat(parse(beforeText));
  const after = flat(parse(afterText));
  const labels = [...new Set([...before.keys(), ...after.keys()])];
  const changes: FieldChange[] = [];
  for (const label of labels) {
    const was = before.get(label);
    const is = after.get(label);
    if (was?.text === is?.text && was?.mark === is?.mark) continue;
    // Only the id tells which one it was, and an id means nothing to a person.
    const other = was?.text === chosen && is?.text === chosen;
    changes.push({ label, before: was?.text || null, after: other ? "another one" : is?.text || null });
  }
  const oneSided = !beforeText || !afterText;
  return changes.filter((change) => {
    const text = change.before ?? change.after;
    // For something created or deleted, only what was filled in or switched on is shown.
    return text !== null && !(oneSided && (text === no || text === chosen));
  });
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const no = "No";
const chosen = "one";

interface Leaf {
  text: string;
  /** Differs for two values with the same text, such as two ids. */
  mark: string;
}

function flat(value: unknown): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const add = (path: string[], leaf: Leaf) => {
    const label = path.join(", ") || "Value";
    const known = leaves.get(label);
    leaves.set(label, known ? { text: `${known.text}, ${leaf.text}`, mark: `${known.mark} ${leaf.mark}` } : leaf);
  };
  const walk = (each: unknown, path: string[], key: string) => {
    if (each === null || each === undefined || internal.has(key)) return;
    if (Array.isArray(each)) {
      if (each.length > 0 && each.every((item) => typeof item === "string" && uuid.test(item))) {
        // Ids mean nothing to a person.
        add(path, { text: each.length === 1 ? "1 chosen" : `${each.length} chosen`, mark: each.join(" ") });
        return;
      }
      if (each.every((item) => typeof item !== "object" || item === null)) {
        if (each.length > 0) add(path, plain(each.map((item) => valueText(item, key)).join(", ")));
        return;
      }
      each.forEach((item, index) => {
        const last = path.at(-1) ?? "Row";
        walk(item, [...path.slice(0, -1), `${last} ${index + 1}`], "");
      });
      return;
    }
    if (typeof each === "object") {
      const record = each as Record<string, unknown>;
      if ("secret" in record && ("plain" in record || "stored" in record)) {
        add(path, secretOr(record));
        return;
      }
      for (const [name, inner] of Object.entries(record)) {
        const own = key === "auth" && name === "type" ? "auth_type" : name;
        walk(inner, silent.has(own) ? path : [...path, wordOf(own)], own);
      }
      return;
    }
    if (key === "replaced_by") {
      if (each !== "") add(path, { text: "another key", mark: String(each) });
      return;
    }
    if (key.endsWith("_id") && key !== "message_id" && key !== "client_id") {
      if (each !== "") add(path, { text: chosen, mark: String(each) });
      return;
    }
    if (each !== "") add(path, plain(valueText(each, key)));
  };
  walk(value, [], "");
  return leaves;
}

function plain(text: string): Leaf {
  return { text, mark: text };
}

function secretOr(record: Record<string, unknown>): Leaf {
  if (record.secret === true) return record.stored === true ? { text: "••••••••", mark: "secret" } : plain("");
  return plain(typeof record.plain === "string" ? record.plain : "");
}

function valueText(value: unknown, key: string): string {
  if (value === true) return "Yes";
  if (value === false) return no;
  const text = String(value);
  if (moments.has(key) && !Number.isNaN(Date.parse(text))) return exactText(new Date(text));
  return valueWords[key]?.[text] ?? text;
}

function wordOf(name: string): string {
  const known = words[name];
  if (known) return known;
  const spaced = name.replace(/_/g, " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
