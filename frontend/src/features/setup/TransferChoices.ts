import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type Preview = Plain<model.transfer.Preview>;
export type PreviewRow = Preview["rows"][number];

/** The rows to import, by their number in the file; the others are skipped. */
export type Chosen = ReadonlySet<number>;

/** A row that equals the setup here, or that a save would refuse, can only be skipped. */
export function canTake(row: PreviewRow): boolean {
  return row.state !== "same" && row.problems.length === 0;
}

/** At first, new setups are imported and existing ones are kept. */
export function chosenAtFirst(preview: Preview): Chosen {
  return new Set(preview.rows.filter((row) => row.state === "new" && canTake(row)).map((row) => row.row));
}

/** The same choice with one row imported or skipped. */
export function withRow(chosen: Chosen, row: number, taken: boolean): Chosen {
  const next = new Set(chosen);
  if (taken) next.add(row);
  else next.delete(row);
  return next;
}

/** The same choice with all existing setups replaced, or none. */
export function withHere(chosen: Chosen, preview: Preview, taken: boolean): Chosen {
  const next = new Set(chosen);
  for (const row of preview.rows) {
    if (row.state !== "here" || !canTake(row)) continue;
    if (taken) next.add(row.row);
    else next.delete(row.row);
  }
  return next;
}

/** The input of the import. */
export function choicesOf(preview: Preview, chosen: Chosen) {
  return preview.rows
    .filter((row) => chosen.has(row.row))
    .map(({ row, over, over_version }) => ({ row, over, over_version }));
}

/** What the chosen rows add to the tree, each item once, in the order of the preview. */
export function makesOf(preview: Preview, chosen: Chosen): Preview["makes"] {
  const needed = new Set(preview.rows.filter((row) => chosen.has(row.row)).flatMap((row) => row.needs));
  return preview.makes.filter((_, index) => needed.has(index));
}

/** "1 setup", "1,204 setups". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** "2 processes, 1 stage and 3 stage fields"; nothing for nothing. */
export function treeWords(places: number, stages: number, fields: number): string {
  const parts = [
    places > 0 ? counted(places, "process or sub process", "processes and sub processes") : "",
    stages > 0 ? counted(stages, "stage") : "",
    fields > 0 ? counted(fields, "stage field") : "",
  ].filter(Boolean);
  return joined(parts);
}

/** "4 new, 2 to replace or skip". */
export function stateWords(preview: Preview): string {
  const count = (is: (row: PreviewRow) => boolean) => preview.rows.filter(is).length;
  const refused = (row: PreviewRow) => row.problems.length > 0;
  const parts: [number, string][] = [
    [count((row) => !refused(row) && row.state === "new"), "new"],
    [count((row) => !refused(row) && row.state === "here"), "to replace or skip"],
    [count((row) => !refused(row) && row.state === "same"), "the same as here"],
    [count(refused), "that cannot be imported"],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${number.toLocaleString("en-US")} ${words}`)
    .join(", ");
}

function joined(parts: string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
