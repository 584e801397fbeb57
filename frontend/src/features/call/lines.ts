import { diffArrays } from "diff";

/** A row of two texts side by side; null where the other side has an extra line. */
interface LinePair {
  left: string | null;
  right: string | null;
  same: boolean;
}

/** With more changed lines than this, the common lines of the middle are not searched for: it would take seconds. */
const maxEditLength = 2000;

/** Two texts line by line, with equal lines in the same row. */
export function compareLines(left: string, right: string): LinePair[] {
  const a = left.split(/\r?\n/);
  const b = right.split(/\r?\n/);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return [
    ...a.slice(0, head).map(shared),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(shared),
  ];
}

function middle(a: string[], b: string[]): LinePair[] {
  const changes = diffArrays(a, b, { maxEditLength });
  if (!changes) return pairUp(a, b);
  let pairs: LinePair[] = [];
  let gone: string[] = [];
  let added: string[] = [];
  for (const change of changes) {
    if (change.removed) gone = gone.concat(change.value);
    else if (change.added) added = added.concat(change.value);
    else {
      pairs = pairs.concat(pairUp(gone, added), change.value.map(shared));
      gone = [];
      added = [];
    }
  }
  return pairs.concat(pairUp(gone, added));
}

const shared = (line: string): LinePair => ({ left: line, right: line, same: true });

/** Pairs changed lines in order. */
function pairUp(a: string[], b: string[]): LinePair[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => ({
    left: a[index] ?? null,
    right: b[index] ?? null,
    same: false,
  }));
}
