import { createContext, useContext } from "react";
import type { Draft, Value } from "./draft";

export const exposedWords =
  "This value was saved or tested as plain text, so it is in this office's history. Enter a new one from the provider, and have the old one withdrawn there.";

/** Whether a text was plain in what was saved or tested of this setup, or of the one it is copied from. */
export const WasPlainContext = createContext<(text: string) => boolean>(() => false);

export const useWasPlain = () => useContext(WasPlainContext);

/** Only one variable, such as {{auth_token}}: it names a secret but is not one. */
const isReference = (text: string) => /^\{\{[^{}]+\}\}$/.test(text);

/** The values of a draft that may be secret, by the place that names the secret in Go. */
function valuesOf({ request, entered }: Draft): Map<string, Value> {
  const { auth } = request;
  return new Map([
    ...(auth.type === "api_key" ? [["auth.key_value", auth.key_value] as const] : []),
    ...request.headers.map((row) => [`header.${row.id}`, row.value] as const),
    ...request.params.map((row) => [`param.${row.id}`, row.value] as const),
    ...request.fixed.map((row) => [`field.${row.name}`, row.value] as const),
    ...(entered?.values ?? []).map((one) => [`field.${one.id}`, one.value] as const),
  ]);
}

function plainOf(value: Value | undefined): string {
  return value && !value.secret && !isReference(value.plain) ? value.plain : "";
}

/** Tells of a text whether one of these drafts, which were saved or tested, holds it as plain text. */
export function heldPlain(drafts: Draft[]): (text: string) => boolean {
  const texts = new Set(drafts.flatMap((draft) => [...valuesOf(draft).values()].map(plainOf)));
  return (text) => text !== "" && texts.has(text);
}

/** The texts that were plain in one of these drafts and whose value is a secret since. */
export function becameSecret(before: Draft[], after: Draft): string[] {
  const now = valuesOf(after);
  const texts = before.flatMap((draft) =>
    [...valuesOf(draft)].map(([id, value]) => (now.get(id)?.secret ? plainOf(value) : "")),
  );
  return [...new Set(texts.filter(Boolean))];
}
