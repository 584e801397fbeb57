import type { Term } from "./types";

/** When a key expires, as it is chosen in a form. `keep` leaves the present end. */
export interface TermDraft {
  choice: "keep" | "30" | "60" | "90" | "days" | "date" | "never";
  /** As typed. */
  days: string;
  /** YYYY-MM-DD, or empty. */
  date: string;
}

export const newTerm: TermDraft = { choice: "90", days: "", date: "" };

/** Nothing where days or date are not filled in; Go says so at the field. */
const none: Term = { days: 0, date: "", never: false };

export function termOf({ choice, days, date }: TermDraft): Term {
  switch (choice) {
    case "never":
      return { ...none, never: true };
    case "date":
      return { ...none, date };
    case "days":
      return { ...none, days: /^\d{1,5}$/.test(days.trim()) ? Number(days) : 0 };
    default:
      return { ...none, days: Number(choice) || 0 };
  }
}

/** The day of a moment in a time zone, as YYYY-MM-DD. */
export function dayOf(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: timeZone || undefined,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The day that is so many days after another. */
export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(0, 10);
}

/** "26 February 2027". */
export function dayText(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
}

/** The last day on which a key with this term works, or "" where it has none or is not filled in. */
export function lastDayOf(draft: TermDraft, today: string): string {
  const { days, date } = termOf(draft);
  return date || (days > 0 ? addDays(today, days) : "");
}

/** Whether a term is one that only an Org Admin may give: none, or more than a year. */
export function isLong(draft: TermDraft, today: string): boolean {
  const last = lastDayOf(draft, today);
  return draft.choice === "never" || (last !== "" && last > addDays(today, 366));
}

/** The moment at which a day is over in a time zone, in milliseconds. */
export function endOfDayMs(day: string, timeZone: string): number {
  const next = addDays(day, 1);
  // The zone's offset is between -12 and +14 hours; midnight is the first moment at which the day is the next one.
  let before = Date.parse(`${next}T00:00:00Z`) - 15 * 3_600_000;
  let after = before + 30 * 3_600_000;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(new Date(middle), timeZone) >= next) after = middle;
    else before = middle;
  }
  return after;
}
