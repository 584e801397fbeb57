/**
 * JSON laid out for reading, token by token: numbers keep every digit and repeated names stay, which a parse and
 * print would lose (message ids are often longer than a double can hold).
 */

/** A single value in the laid-out text: its position, its JSON path, and the value (text without its quotes). */
export interface Spot {
  from: number;
  to: number;
  path: string;
  value: string;
}

interface Pretty {
  text: string;
  spots: Spot[];
}

/** At a greater depth, indenting would make the text many times as long. */
const maxDepth = 64;

// Unrolled, so that a very long string costs no stack.
const token =
  /[\s\uFEFF]*(?:([[\]{}:,])|("[^"\\]*(?:\\[^\n][^"\\]*)*")|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)|($))/gy;

/** What may come next: a value, a name, or what follows a value. */
type Want = "value" | "name" | "after";

interface Level {
  object: boolean;
  path: string;
  /** How many members there are so far. */
  count: number;
  /** The name that was read, until its value comes. */
  name: string | null;
}

/** Null when the text is not JSON, or nested too deep to be laid out. */
export function prettyJson(source: string): Pretty | null {
  const spots: Spot[] = [];
  const levels: Level[] = [];
  let text = "";
  let done = false;
  let want = "value" as Want;
  let fresh = false; // just after an opening bracket, where it may close again

  const pathHere = () => {
    const level = levels.at(-1);
    if (!level) return "$";
    return level.object ? level.path + member(level.name ?? "") : `${level.path}[${level.count}]`;
  };
  const indent = (depth: number) => `\n${"  ".repeat(depth)}`;
  const close = () => {
    const level = levels.at(-1);
    if (level) {
      level.count++;
      level.name = null;
    } else done = true;
    return "after" as Want;
  };

  token.lastIndex = 0;
  for (;;) {
    const match = token.exec(source);
    if (!match) return null;
    const [, sign, quoted, bare] = match;
    if (sign === undefined && quoted === undefined && bare === undefined) {
      return done ? { text, spots } : null;
    }
    if (done) return null;
    const level = levels.at(-1);

    if (sign === "]" || sign === "}") {
      if (!level || level.object !== (sign === "}") || !(want === "after" || fresh)) return null;
      levels.pop();
      text += level.count > 0 ? indent(levels.length) + sign : sign;
      fresh = false;
      want = close();
      continue;
    }
    if (want === "after") {
      if (sign !== "," || !level) return null;
      text += `,${indent(levels.length)}`;
      want = level.object ? "name" : "value";
      continue;
    }
    if (want === "name") {
      if (quoted === undefined || !level) return null;
      const colon = nextColon(source);
      if (!colon) return null;
      if (fresh) text += indent(levels.length);
      fresh = false;
      text += `${quoted}: `;
      level.name = unquote(quoted);
      want = "value";
      continue;
    }
    if (sign === "[" || sign === "{") {
      if (levels.length >= maxDepth) return null;
      if (fresh) text += indent(levels.length);
      levels.push({ object: sign === "{", path: pathHere(), count: 0, name: null });
      text += sign;
      fresh = true;
      want = sign === "{" ? "name" : "value";
      continue;
    }
    if (sign !== undefined) return null;
    if (fresh) text += indent(levels.length);
    fresh = false;
    const value = quoted ?? bare ?? "";
    spots.push({
      from: text.length,
      to: text.length + value.length,
      path: pathHere(),
      value: quoted === undefined ? value : unquote(quoted),
    });
    text += value;
    want = close();
  }
}

function nextColon(source: string): boolean {
  const match = token.exec(source);
  return match?.[1] === ":";
}

function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

function member(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `.${name}`;
  return `['${name.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}']`;
}

/** The value at a position of the text; spots are in order. */
export function spotAt(spots: Spot[], offset: number): Spot | null {
  let low = 0;
  let high = spots.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const spot = spots[middle];
    if (!spot) return null;
    if (offset < spot.from) high = middle - 1;
    else if (offset > spot.to) low = middle + 1;
    else return spot;
  }
  return null;
}
