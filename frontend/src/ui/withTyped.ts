/**
 * The answer to what was sent, with what a person changed while it was on its way: a late answer never takes back what
 * was typed. Members are compared one by one, and rows by their `id`.
 */
export function withTyped<Data>(sent: Data, now: Data, answer: Data): Data {
  if (same(sent, now)) return answer;
  if (areRows(sent) && areRows(now) && areRows(answer)) return rowsWithTyped(sent, now, answer) as Data;
  if (isRecord(sent) && isRecord(now) && isRecord(answer)) {
    const names = new Set([...Object.keys(answer), ...Object.keys(now)]);
    return Object.fromEntries([...names].map((name) => [name, withTyped(sent[name], now[name], answer[name])])) as Data;
  }
  return now;
}

function rowsWithTyped(sent: Row[], now: Row[], answer: Row[]): Row[] {
  const find = (rows: Row[], id: string) => rows.find((row) => row.id === id);
  const kept = answer.flatMap((row) => {
    const before = find(sent, row.id);
    const present = find(now, row.id);
    if (before && present) return [withTyped(before, present, row)];
    // Deleted meanwhile, or new in the answer.
    return before ? [] : [row];
  });
  const added = now.filter((row) => {
    if (find(answer, row.id)) return false;
    const before = find(sent, row.id);
    return !before || !same(before, row);
  });
  return [...kept, ...added];
}

interface Row {
  id: string;
}

function areRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.every((row) => isRecord(row) && typeof row.id === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
