import { expect, test } from "vitest";
import { addDays, dayOf, endOfDayMs, isLong, lastDayOf, newTerm, type TermDraft, termOf } from "./term";

const none = { days: 0, date: "", never: false };
const draft = (part: Partial<TermDraft>): TermDraft => ({ ...newTerm, ...part });

test.each<[Partial<TermDraft>, object]>([
  [{}, { ...none, days: 90 }],
  [{ choice: "30" }, { ...none, days: 30 }],
  [
    { choice: "days", days: "45" },
    { ...none, days: 45 },
  ],
  [{ choice: "days", days: "" }, none],
  [{ choice: "days", days: "1e9" }, none],
  [
    { choice: "date", date: "2027-02-26", days: "45" },
    { ...none, date: "2027-02-26" },
  ],
  [{ choice: "never" }, { ...none, never: true }],
])("C10 C11: what is sent for %j", (part, term) => {
  expect(termOf(draft(part))).toEqual(term);
});

test("C10: days are counted on the calendar, also over the end of a month and a leap day", () => {
  expect(addDays("2026-11-28", 90)).toBe("2027-02-26");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(lastDayOf(draft({ choice: "days", days: "3" }), "2026-12-30")).toBe("2027-01-02");
  expect(lastDayOf(draft({ choice: "never" }), "2026-12-30")).toBe("");
});

test("more than a year and no end are long", () => {
  expect(isLong(draft({ choice: "days", days: "366" }), "2026-11-28")).toBe(false);
  expect(isLong(draft({ choice: "days", days: "367" }), "2026-11-28")).toBe(true);
  expect(isLong(draft({ choice: "date", date: "2028-01-01" }), "2026-11-28")).toBe(true);
  expect(isLong(draft({ choice: "never" }), "2026-11-28")).toBe(true);
});

test.each<[string, string, string]>([
  // Without and across a change of the clock (C10).
  ["2026-11-28", "Europe/Berlin", "2026-11-28T23:00:00Z"],
  ["2027-03-28", "Europe/Berlin", "2027-03-28T22:00:00Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-25T23:00:00Z"],
  ["2026-11-28", "Asia/Kolkata", "2026-11-28T18:30:00Z"],
  ["2026-11-28", "Pacific/Kiritimati", "2026-11-28T10:00:00Z"],
  ["2026-11-28", "America/Los_Angeles", "2026-11-29T08:00:00Z"],
])("the day %s is over in %s at %s", (day, zone, moment) => {
  expect(new Date(endOfDayMs(day, zone)).toISOString()).toBe(moment.replace("Z", ".000Z"));
});

test("the day of a moment is that of the office", () => {
  expect(dayOf(new Date("2026-11-28T23:30:00Z"), "Europe/Berlin")).toBe("2026-11-29");
  expect(dayOf(new Date("2026-11-28T23:30:00Z"), "America/Los_Angeles")).toBe("2026-11-28");
});
