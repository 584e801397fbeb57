import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import type { Document } from "./useDocumentForm";

export type LocalApiState = Plain<model.organisation.LocalAPIState>;

/** The settings of the local API as the form has them: numbers as they are typed, and a line for each address. */
export interface LocalApiDraft {
  on: boolean;
  port: number | string;
  per_minute: number | string;
  network: boolean;
  addresses: string;
  names: string;
}

/** The lines of a text area, without blanks and empty ones. */
export const linesOf = (text: string) =>
  text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter(Boolean);

export function documentOf({ settings, version }: LocalApiState): Document<LocalApiDraft> {
  return {
    value: { ...settings, addresses: settings.addresses.join("\n"), names: settings.names.join("\n") },
    version,
  };
}

export function inputOf({ value, version }: Document<LocalApiDraft>): Plain<model.organisation.SaveLocalAPIInput> {
  return {
    settings: {
      ...value,
      port: Number(value.port) || 0,
      per_minute: Number(value.per_minute) || 0,
      addresses: linesOf(value.addresses),
      names: linesOf(value.names),
    },
    version,
  };
}
