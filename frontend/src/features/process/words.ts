import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type Place = Plain<model.process.Node>;
export type Stage = Plain<model.process.Stage>;
export type Field = Plain<model.process.Field>;
export type Tree = Plain<model.process.Tree>;
export type FieldType = Field["type"];

/** The names of the tree's three levels on screen (RULES.md, Words). */
const levels = ["Process", "Sub Process", "Sub Sub Process"] as const;

/** "Sub Process" for level 2; "" for a level that does not exist. */
export function levelWord(level: number): string {
  return levels[level - 1] ?? "";
}

/** The types of a stage field, in the order of the list (RULES.md, Processes). */
export const typeLabels: Record<FieldType, string> = {
  text: "Text",
  number: "Number",
  phone: "Phone",
  email: "E-mail",
  date: "Date",
  boolean: "Yes/No",
};

/** How a sample of each type is written. */
export const sampleHints: Record<FieldType, string> = {
  text: "Any text",
  number: "1499.50",
  phone: "+919812345678",
  email: "asha@example.com",
  date: "YYYY-MM-DD",
  boolean: "Yes or no",
};

/** "1 stage", "7 stages". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** "Packed, Shipped, Delivered and 4 more". */
export function named(names: string[], most = 5): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
