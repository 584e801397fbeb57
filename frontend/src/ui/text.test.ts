import { describe, expect, test } from "vitest";
import { countText, cutAtDeceptive, cutAtHits, durationText, relativeText, rowsOfBlock } from "./text";

const hits = (text: string, term: string) =>
  cutAtHits(text, term)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join("");

describe("hits are marked as the backend finds them", () => {
  test.each([
    ["Order shipped", "SHIP", "Order [ship]ped"],
    ["STRASSE", "straße", "[STRASSE]"],
    ["Straße 5", "strasse", "[Straße] 5"],
    ["Ärger", "ärger", "[Ärger]"],
    ["Cafe\u0301", "café", "[Café]"],
    ["नमस्ते दुनिया", "दुनि", "नमस्ते [दुनि]या"],
    ["Billing reminders", "rem bill", "[Bill]ing [rem]inders"],
    ["aaa", "aa", "[aaa]"],
    ["50% off", "%", "50[%] off"],
    ["plain", "", "plain"],
    ["🙂 ok", "ok", "🙂 [ok]"],
  ])("%s / %s", (text, term, expected) => expect(hits(text, term)).toBe(expected));
});

test("counts are read as people write them", () => {
  expect(countText(1204, false, "setup", "setups")).toBe("1,204 setups");
  expect(countText(1, false, "setup", "setups")).toBe("1 setup");
  expect(countText(0, false, "setup", "setups")).toBe("0 setups");
  expect(countText(1000, true, "setup", "setups")).toBe("1,000+ setups");
});

test("deceptive characters become escapes; ordinary right-to-left text stays", () => {
  const shown = (text: string) =>
    cutAtDeceptive(text)
      .map((piece) => piece.text)
      .join("");
  expect(shown("abc\u202Egpj.exe")).toBe("abc\\u202Egpj.exe");
  expect(shown("a\u0000b\u200Bc")).toBe("a\\u0000b\\u200Bc");
  expect(shown("مرحبا")).toBe("مرحبا");
  expect(shown("two\nlines\tand a tab")).toBe("two\nlines\tand a tab");
});

test("a pasted block becomes rows; anything else stays a paste", () => {
  expect(rowsOfBlock("Accept: text/html\nX-Id=7:8\r\n\r\nurl=http://x/?a=b")).toEqual([
    { name: "Accept", value: "text/html" },
    { name: "X-Id", value: "7:8" },
    { name: "url", value: "http://x/?a=b" },
  ]);
  expect(rowsOfBlock("Accept: text/html")).toBeNull();
  expect(rowsOfBlock("one line\nanother")).toBeNull();
  expect(rowsOfBlock(": no name\na: b")).toBeNull();
});

test("dates are relative, with the day once it is another one", () => {
  const now = new Date("2026-11-21T12:00:00");
  const at = (text: string) => relativeText(new Date(text), now);
  expect(at("2026-11-27T13:00:00")).toBe("in 6 days (27 Nov)");
  expect(at("2026-11-21T10:00:00")).toBe("2 hours ago");
  expect(at("2026-11-21T11:59:40")).toBe("just now");
  expect(at("2025-11-10T12:00:00")).toBe("1 year ago (10 Nov 2025)");
});

test("durations keep a sensible number of digits", () => {
  expect([0, 0.44, 12.4, 412, 1250].map(durationText)).toEqual(["0 ms", "0.4 ms", "12 ms", "412 ms", "1.25 s"]);
});
