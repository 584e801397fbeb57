/** The difference of two recorded states, field by field, in words a person knows from the forms. */

export interface FieldChange {
  label: string;
  /** Null where there was, or is, nothing. */
  before: string | null;
  after: string | null;
}

/** Names of fields as the forms have them; what is not here is spelled out from its own name. */
const words: Record<string, string> = {
  add_to: "Add to",
  api_key: "API Key",
  auth: "Authentication",
  auth_type: "Auth Type",
  body_format: "Body format",
  channel: "Key For",
  client_id: "Client ID",
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
  must_change: "Must change the password",
  message_id: "Message id",
  method: "Method Type",
  params: "Custom Parameter",
  password: "Password",
  permissions: "May",
  place_id: "Process",
  prefix: "Header Prefix",
  provider: "Provider",
  raw_body: "Body",
  redirects: "Redirects followed",
  rule: "What counts as accepted",
  sample: "Sample value",
  skip_tls_check: "TLS check switched off",
  stage_id: "Stages",
  stage_params: "Stage Parameter",
  throttled: "Codes that mean too fast",
  timeout_seconds: "Time limit (seconds)",
  token: "Token",
  token_url: "Token URL",
  url: "API URL",
  username: "Username",
};

const valueWords: Record<string, string> = {
  sms: "SMS",
  whatsapp_business: "WhatsApp Business",
  email: "Email",
  none: "None",
};

/** These layers say nothing to a person. */
const silent = new Set(["request", "draft", "options"]);

/** Numbers the program keeps for itself. */
const internal = new Set(["id", "version", "code", "position", "created_ms", "updated_ms", "deleted_ms"]);

/** Null when a text is no record: nothing, or not JSON. */
function parse(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The fields that differ. With only one side, all that is filled in. */
export function differenceOf(beforeText: string, afterText: string): FieldChange[] {
  const before = flat(parse(beforeText));
  const after = flat(parse(afterText));
  const labels = [...new Set([...before.keys(), ...after.keys()])];
  const changes: FieldChange[] = [];
  for (const label of labels) {
    const was = before.get(label);
    const is = after.get(label);
    if (was?.text === is?.text && was?.mark === is?.mark) continue;
    changes.push({ label, before: was?.text || null, after: is?.text || null });
  }
  return changes.filter((change) => change.before !== null || change.after !== null);
}

interface Leaf {
  text: string;
  /** What tells two values apart that read the same: another id, another secret. */
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
      if (each.every((item) => typeof item !== "object" || item === null)) {
        if (each.length > 0) add(path, plain(each.map((item) => valueText(item)).join(", ")));
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
        walk(inner, silent.has(name) ? path : [...path, wordOf(name)], name);
      }
      return;
    }
    if (key.endsWith("_id") && key !== "message_id" && key !== "client_id") {
      if (each !== "") add(path, { text: "chosen", mark: String(each) });
      return;
    }
    if (each !== "") add(path, plain(valueText(each)));
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

function valueText(value: unknown): string {
  if (value === true) return "Yes";
  if (value === false) return "No";
  const text = String(value);
  return valueWords[text] ?? text;
}

function wordOf(name: string): string {
  const known = words[name];
  if (known) return known;
  const spaced = name.replace(/_/g, " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
