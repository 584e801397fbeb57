import { expect, test } from "vitest";
import { breakLines, hasLongLine, longestLine, wholeOffset } from "./longLines";

const long = "x".repeat(longestLine);

test("F3: no line of a broken text is longer than the editor can lay out, and nothing else changes", () => {
  for (const text of ["", "a\nb\n", long, `${long}\n`, `${long}\n${long}`]) {
    expect(breakLines(text)).toEqual({ text, added: [] });
    expect(hasLongLine(text)).toBe(false);
  }
  for (const text of [`${long}y`, `a\n${long}${long}${long}z\r\nb`, `${long}\n${long}y`, `${long}${long}\n\n`]) {
    const { text: broken, added } = breakLines(text);
    expect(hasLongLine(text)).toBe(true);
    expect(Math.max(...broken.split("\n").map((line) => line.length))).toBeLessThanOrEqual(longestLine);
    const whole = [...broken].filter((_, at) => !added.includes(at)).join("");
    expect(whole).toBe(text);
    for (let offset = 0; offset < broken.length; offset += 97) {
      if (!added.includes(offset)) expect(text[wholeOffset(offset, added)]).toBe(broken[offset]);
    }
  }
});

test("F3: a character of two halves is not broken in the middle", () => {
  const { text } = breakLines(`${"x".repeat(longestLine - 1)}🙂🙂`);
  expect(text.split("\n")).toEqual(["x".repeat(longestLine - 1), "🙂🙂"]);
});

test("F3: 10 MiB on one line are broken at once", () => {
  const { added } = breakLines("é".repeat(10 << 20));
  expect(added).toHaveLength(Math.ceil((10 << 20) / longestLine) - 1);
});
