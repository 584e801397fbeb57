/** A row of two texts side by side; null where the other side has an extra line. */
interface LinePair {
  left: string | null;
  right: string | null;
  same: boolean;
}

/** With more cells than this, the common lines of the middle are not searched for; the ends are still matched. */
const maxCells = 4_000_000;

/** Two texts line by line, with equal lines in the same row (longest common subsequence). */
export function compareLines(left: string, right: string): LinePair[] {
  const a = left.split(/\r?\n/);
  const b = right.split(/\r?\n/);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;

  const shared = (line: string | undefined): LinePair => ({ left: line ?? "", right: line ?? "", same: true });
  return [
    ...a.slice(0, head).map(shared),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(shared),
  ];
}

function middle(a: string[], b: string[]): LinePair[] {
  if (a.length * b.length > maxCells) return pairUp(a, b);
  // lengths[i][j]: the longest common part of a from i and b from j.
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: LinePair[] = [];
  let goneLeft: string[] = [];
  let goneRight: string[] = [];
  const flush = () => {
    pairs.push(...pairUp(goneLeft, goneRight));
    goneLeft = [];
    goneRight = [];
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      flush();
      pairs.push({ left: a[i] ?? "", right: b[j] ?? "", same: true });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) goneLeft.push(a[i++] ?? "");
    else goneRight.push(b[j++] ?? "");
  }
  flush();
  return pairs;
}

/** Pairs changed lines in order. */
function pairUp(a: string[], b: string[]): LinePair[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => ({
    left: a[index] ?? null,
    right: b[index] ?? null,
    same: false,
  }));
}
