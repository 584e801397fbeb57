/** Rules about text that several components share. */

/** "1,204 setups", "1 setup", or "1,000+ setups" where the backend stopped counting (UI.md, Lists). */
export function countText(count: number, capped: boolean, one: string, many: string): string {
  const figure = count.toLocaleString("en-US") + (capped ? "+" : "");
  return `${figure} ${count === 1 && !capped ? one : many}`;
}

/** A character's case fold, close enough to Go's: "ß" and "SS" are equal. */
function fold(character: string): string {
  return character.toUpperCase().toLowerCase();
}

/**
 * Cuts text where any word of term occurs. It compares as the backend searches: NFC, case-folded, any substring. The
 * pieces keep the text's own spelling.
 */
export function cutAtHits(original: string, term: string): { text: string; hit: boolean }[] {
  const text = original.normalize("NFC");
  const words = [...new Set(term.normalize("NFC").split(/\s+/).filter(Boolean))].map((word) =>
    [...word].map(fold).join(""),
  );
  if (words.length === 0) return [{ text, hit: false }];

  // Folding can lengthen a character, so the position in the text is kept for each folded unit.
  let folded = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    for (const unit of fold(character).split("")) {
      folded += unit;
      starts.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }

  const marked = new Array<boolean>(text.length).fill(false);
  for (const word of words) {
    for (let hit = folded.indexOf(word); hit >= 0; hit = folded.indexOf(word, hit + 1)) {
      marked.fill(true, starts[hit], ends[hit + word.length - 1]);
    }
  }
  const pieces: { text: string; hit: boolean }[] = [];
  for (let from = 0; from < text.length; ) {
    const hit = marked[from] === true;
    let to = from;
    while (to < text.length && (marked[to] === true) === hit) to++;
    pieces.push({ text: text.slice(from, to), hit });
    from = to;
  }
  return pieces;
}

// Control characters, and the direction marks and invisible characters that make text look like other text (Unicode
// TR 36).
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern has to find control characters.
const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Cuts text at deceptive characters, which become escapes such as "\u202E". */
export function cutAtDeceptive(text: string): { text: string; escaped: boolean }[] {
  const pieces: { text: string; escaped: boolean }[] = [];
  let shown = 0;
  for (const match of text.matchAll(deceptive)) {
    if (match.index > shown) pieces.push({ text: text.slice(shown, match.index), escaped: false });
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    pieces.push({ text: `\\u${code}`, escaped: true });
    shown = match.index + match[0].length;
  }
  if (shown < text.length) pieces.push({ text: text.slice(shown), escaped: false });
  return pieces;
}

/**
 * Reads rows from a pasted block of `name: value` or `name=value` lines. Null when it is not such a block, because it
 * has fewer than two lines or a line without a separator; then the paste is an ordinary one.
 */
export function rowsOfBlock(block: string): { name: string; value: string }[] | null {
  const lines = block.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  if (lines.length < 2) return null;
  const rows: { name: string; value: string }[] = [];
  for (const line of lines) {
    const cut = line.search(/[:=]/);
    if (cut < 1) return null;
    const name = line.slice(0, cut).trim();
    if (!name) return null;
    rows.push({ name, value: line.slice(cut + 1).trim() });
  }
  return rows;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "in 6 days (27 Nov)", "2 hours ago", "just now"; the date is added from one day on. */
export function relativeText(when: Date, now: Date): string {
  const seconds = (when.getTime() - now.getTime()) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  const amount = Math.trunc(seconds / size);
  const words =
    amount === 0 ? "just now" : new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(amount, unit);
  if (Math.abs(seconds) < 86_400) return words;
  const day = when.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    ...(when.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
  });
  return `${words} (${day})`;
}

/** The time to the second with its zone, for hovering. */
export function exactText(when: Date): string {
  return when.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
}

/** "12 ms", "1.25 s", "0.4 ms". */
export function durationText(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  if (milliseconds >= 10 || milliseconds === 0) return `${Math.round(milliseconds)} ms`;
  return `${milliseconds.toFixed(1)} ms`;
}

/** A day as YYYY-MM-DD: its noon on this computer, so that no time zone moves it to another day. */
function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00`);
}

/** "Friday, 27 November"; the year is added where it is not this one. */
export function dayText(day: string): string {
  const at = noonOf(day);
  return at.toLocaleDateString("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }),
  });
}

/** "27 Nov". */
export function shortDayText(day: string): string {
  return noonOf(day).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}
