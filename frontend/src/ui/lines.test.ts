import { expect, test } from "vitest";
import { editedLines, pastedLines, shownLines } from "./lines";

/** A field with a selection in what it shows. */
const field = (selectionStart: number, selectionEnd = selectionStart) =>
  ({ selectionStart, selectionEnd }) as HTMLTextAreaElement;

test.each([
  ["a\r\nb\nc\rd", "a\nb\nc\nd", "a\r\nb\nc\rd"],
  ["a\r\nb", "a\nxb", "a\r\nxb"],
  ["a\r\nb", "a\n\nb", "a\r\n\r\nb"],
  ["a\nb", "a\n\nb", "a\n\nb"],
  ["a\r\nb\nc", "a\nb", "a\r\nb"],
  ["a\r\nb", "ab", "ab"],
  ["a\r\nb", "", ""],
  ["", "a\nb", "a\nb"],
  ["x\r\nx\r\nx", "x\nx", "x\r\nx"],
])("%j edited to show %j is %j", (text, shown, want) => {
  expect(editedLines(text, shown)).toBe(want);
  expect(shownLines(editedLines(text, shown))).toBe(shown);
});

test.each([
  ["", field(0), "one line", null],
  ["", field(0), "one line\n", { text: "one line", caret: 8 }],
  ["ab", field(1), "x\r\n", { text: "axb", caret: 2 }],
  ["ab", field(1), "x\r\ny\n", { text: "ax\r\ny\nb", caret: 5 }],
  ["a\r\nb", field(2, 3), "x\ny", { text: "a\r\nx\ny", caret: 5 }],
  ["ab", field(0, 2), "\n\n", { text: "\n\n", caret: 2 }],
])("%j with a paste", (text, at, pasted, want) => {
  expect(pastedLines(text, at, pasted)).toEqual(want);
});
