/**
 * Faults on the page. The door sends one line of JSON (RULES.md, Doors); only this file parses it. A plain string, an
 * Error or anything else becomes an internal fault, so that a screen always has a sentence to show.
 */
const faultKinds = [
  "invalid",
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "limited",
  "unavailable",
  "internal",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** A message for one input, which is named by its JSON path, as in `headers[2].name`. */
export interface FaultField {
  name: string;
  message: string;
}

/** A thing that the message names; `kind` is a word such as `setup`. */
export interface FaultLink {
  kind: string;
  id: string;
  name: string;
}

export class Fault extends Error {
  override readonly name = "Fault";
  readonly kind: FaultKind;
  readonly code: string;
  readonly hint: string;
  readonly fields: FaultField[];
  readonly links: FaultLink[];
  /** How long to wait before the next try, in milliseconds; 0 where waiting does not help. */
  readonly retryAfterMs: number;

  constructor(parts: {
    kind: FaultKind;
    code: string;
    message: string;
    hint?: string;
    fields?: FaultField[];
    links?: FaultLink[];
    retryAfterMs?: number;
  }) {
    super(parts.message);
    this.kind = parts.kind;
    this.code = parts.code;
    this.hint = parts.hint ?? "";
    this.fields = parts.fields ?? [];
    this.links = parts.links ?? [];
    this.retryAfterMs = parts.retryAfterMs ?? 0;
  }

  /** The text that a person copies to ask for help. It has nothing that the door did not send. */
  get details(): string {
    const lines = [`${this.code} (${this.kind})`, this.message];
    if (this.hint) lines.push(this.hint);
    for (const field of this.fields) lines.push(`${field.name}: ${field.message}`);
    return lines.join("\n");
  }
}

const unknownMessage = "Something went wrong inside Keydesk.";

/** Returns the Fault for anything that a call rejected with. */
export function faultOf(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  if (typeof cause === "string") return faultOfText(cause);
  if (cause instanceof Error) return faultOfText(cause.message);
  return internal(unknownMessage);
}

function faultOfText(text: string): Fault {
  const parsed = parseObject(text);
  if (parsed) {
    const kind = faultKinds.find((known) => known === parsed.kind);
    if (kind && typeof parsed.code === "string" && typeof parsed.message === "string") {
      return new Fault({
        kind,
        code: parsed.code,
        message: parsed.message,
        hint: textOf(parsed.hint),
        fields: recordsOf(parsed.fields).map((f) => ({ name: textOf(f.name), message: textOf(f.message) })),
        retryAfterMs: typeof parsed.retry_after_ms === "number" ? parsed.retry_after_ms : 0,
        links: recordsOf(parsed.links).map((l) => ({ kind: textOf(l.kind), id: textOf(l.id), name: textOf(l.name) })),
      });
    }
    return internal(unknownMessage);
  }
  return internal(text.trim() || unknownMessage);
}

function internal(message: string): Fault {
  return new Fault({ kind: "internal", code: "keydesk.internal", message });
}

function parseObject(text: string): Record<string, unknown> | null {
  if (!text.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** An input's path in the form: Go's `draft.request.headers[2].name` is `draft.request.headers.2.name` here. */
export function inputPath(name: string): string {
  return name.replace(/\[(\d+)\]/g, ".$1");
}

/**
 * The fault's messages by path, for `form.setErrors`: `headers[2].name` becomes `headers.2.name`, as Mantine's forms
 * name nested fields. Several messages for one field are joined.
 */
export function fieldErrors(fault: Fault | null | undefined): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { name, message } of fault?.fields ?? []) {
    const path = inputPath(name);
    errors[path] = errors[path] ? `${errors[path]} ${message}` : message;
  }
  return errors;
}
