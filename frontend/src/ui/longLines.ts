/**
 * How many characters of a line the editor gets. WebKit lays a line out in a time that grows faster than the line: one
 * of 256 KiB takes seconds, one of 1 MiB half a minute.
 */
export const longestLine = 1000;

/** A text whose long lines were broken. */
interface Broken {
  text: string;
  /** The offsets of the line ends that were added, in the broken text, in order. */
  added: number[];
}

/** Breaks the lines of a text that are too long to be laid out. */
export function breakLines(text: string): Broken {
  const added: number[] = [];
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    const next = end < 0 ? text.length : end + 1;
    // A line end does not count.
    let to = (end < 0 ? text.length : end) - from > longestLine ? from + longestLine : next;
    // The two halves of a character stay together.
    if (to < next && isLowSurrogate(text.charCodeAt(to))) to--;
    parts.push(text.slice(from, to));
    length += to - from;
    if (to < next) {
      parts.push("\n");
      added.push(length);
      length++;
    }
    from = to;
  }
  return added.length === 0 ? { text, added } : { text: parts.join(""), added };
}

/** The offset in the whole text of an offset in the broken one. */
export function wholeOffset(offset: number, added: number[]): number {
  let low = 0;
  let high = added.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((added[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return offset - low;
}

/** Whether a line is too long to be laid out. */
export function hasLongLine(text: string): boolean {
  for (let from = 0; text.length - from > longestLine; ) {
    const end = text.indexOf("\n", from);
    if ((end < 0 ? text.length : end) - from > longestLine) return true;
    if (end < 0) return false;
    from = end + 1;
  }
  return false;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
