import { type ChangeEvent, type ClipboardEvent, type RefObject, useLayoutEffect, useRef } from "react";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** How many lines a field grows to before it scrolls. */
const mostRows = 8;

/** Whether a text has line ends, which a field of one line would drop or make blanks. */
export function hasLines(text: string): boolean {
  return /[\r\n]/.test(text);
}

/** A text as a browser's text area has it: every line end is one character. */
export function shownLines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** The place in a text of the n-th character of what is shown of it. */
function placeOf(text: string, n: number): number {
  let at = 0;
  for (let shown = 0; shown < n && at < text.length; shown++) at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
  return at;
}

/**
 * A text after an edit, of which the field knows only what it shows: the line ends of what was not edited stay byte for
 * byte, and new ones are as those there are.
 */
export function editedLines(text: string, shown: string): string {
  const before = shownLines(text);
  const most = Math.min(before.length, shown.length);
  let start = 0;
  while (start < most && before[start] === shown[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === shown[shown.length - 1 - end]) end++;
  const typed = shown.slice(start, shown.length - end);
  return (
    text.slice(0, placeOf(text, start)) +
    (text.includes("\r\n") ? typed.replaceAll("\n", "\r\n") : typed) +
    text.slice(placeOf(text, before.length - end))
  );
}

/**
 * A text after a paste of several lines at the selection, with the place of the caret in what is shown, or null where
 * the browser's own paste is right. The end of a single line is left out: it comes along when a line is copied.
 */
export function pastedLines(text: string, field: Field, pasted: string): { text: string; caret: number } | null {
  if (!hasLines(pasted)) return null;
  const line = pasted.replace(/(\r\n|\r|\n)$/, "");
  const put = hasLines(line) ? pasted : line;
  const from = field.selectionStart ?? shownLines(text).length;
  const after = text.slice(placeOf(text, field.selectionEnd ?? from));
  return { text: text.slice(0, placeOf(text, from)) + put + after, caret: from + shownLines(put).length };
}

export interface Lines {
  /** Whether the text needs a field of several lines. */
  many: boolean;
  field: RefObject<Field | null>;
  /** What the field gets; `rows` is for a text area. */
  shown: string;
  rows: number;
  onChange: (event: ChangeEvent<Field>) => void;
  onPaste: (event: ClipboardEvent<Field>) => void;
}

/**
 * Keeps the line ends of a value that is edited in a field of one line: a paste of several lines makes it a text area,
 * with the focus in it. Nothing becomes a blank by itself.
 */
export function useLines(value: string, onChange: (value: string) => void, always = false): Lines {
  const field = useRef<Field | null>(null);
  const many = always || hasLines(value);
  // Where the caret goes after a paste, and into which field if it is another one now.
  const next = useRef<{ many: boolean; caret: number | null }>({ many, caret: null });
  useLayoutEffect(() => {
    const { caret } = next.current;
    const moves = caret !== null && field.current !== null;
    if (moves && next.current.many !== many) field.current?.focus();
    if (moves) field.current?.setSelectionRange(caret, caret);
    next.current = { many, caret: null };
  });
  const give = (text: string, caret: number | null) => {
    next.current.caret = caret;
    onChange(text);
  };
  return {
    many,
    field,
    shown: shownLines(value),
    rows: Math.min(mostRows, shownLines(value).split("\n").length),
    onChange: (event) => {
      const text = editedLines(value, event.currentTarget.value);
      const changes = (always || hasLines(text)) !== many;
      give(text, changes ? event.currentTarget.selectionStart : null);
    },
    onPaste: (event) => {
      const pasted = pastedLines(value, event.currentTarget, event.clipboardData.getData("text/plain"));
      if (pasted === null) return;
      event.preventDefault();
      give(pasted.text, pasted.caret);
    },
  };
}
