import { createContext, useContext } from "react";

/** What can be offered after `{{`. */
export interface Offer {
  /** What is shown: the name of a variable or a stage field. */
  label: string;
  /** Where its value comes from. */
  note: string;
  /** What is between the braces once it is chosen. */
  name: string;
  /** Adds the variable's row, if it has none yet. */
  add?: () => void;
}

export const TemplatesContext = createContext<Offer[]>([]);

export const useOffers = () => useContext(TemplatesContext);

/** What a name can be followed by after `|` (R1). */
export const formats: { name: string; note: string }[] = [
  { name: "e164", note: "phone number as +919812345678" },
  { name: "digits", note: "digits alone" },
  { name: "national", note: "phone number as dialled inside the country" },
  { name: "country", note: "country code of the phone number" },
  { name: "upper", note: "UPPER CASE" },
  { name: "lower", note: "lower case" },
  { name: "date:dd-MM-yyyy", note: "date as 27-11-2026" },
];

/** The unfinished `{{na` or `{{name|fo` that ends at the caret; null when there is none. */
export function openTemplate(beforeCaret: string): { start: number; typed: string; format: boolean } | null {
  const found = /(?:^|[^\\])\{\{([^{}|]*)(\|[^{}|]*)?$/u.exec(beforeCaret);
  if (!found) return null;
  const typed = found[2] === undefined ? (found[1] ?? "") : found[2].slice(1);
  return { start: beforeCaret.length - typed.length, typed, format: found[2] !== undefined };
}
