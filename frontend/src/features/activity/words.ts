import { kindLabels as labels, opWords } from "../../bridge/operations/words";
import type { Entry } from "./types";

/** Former names of operations. Old entries keep them, since the chain covers the name. */
const formerNames: [RegExp, string][] = [
  [/^office\.plant$/, "organisation.create_starter"],
  [/^office\./, "organisation."],
  [/^exchange\./, "transfer."],
  [/^setup\.draw$/, "setup.apply"],
];

function currentName(op: string): string {
  for (const [former, name] of formerNames) if (former.test(op)) return op.replace(former, name);
  return op;
}

/** The words for a refused operation: "tested the API Key Setup" becomes "tried to test the API Key Setup". */
const triedWords: [RegExp, string][] = [
  [/^signed in/, "tried to sign in"],
  [/^signed out/, "tried to sign out"],
  [/^looked at/, "tried to look at"],
  [/^looked which/, "tried to look which"],
  [/^tested/, "tried to test"],
  [/^sent/, "tried to send"],
  [/^fired/, "tried to fire"],
  [/^filled/, "tried to fill"],
  [/^made/, "tried to make"],
  [/^began/, "tried to begin"],
  [/^set up/, "tried to set up"],
  [/^set /, "tried to set "],
  [/^changed/, "tried to change"],
  [/^added/, "tried to add"],
  [/^tried to|^tried/, "tried"],
  [/^opened/, "tried to open"],
  [/^cancelled/, "tried to cancel"],
  [/^deleted/, "tried to delete"],
  [/^erased/, "tried to erase"],
  [/^noted/, "tried to note"],
  [/^exported/, "tried to export"],
  [/^imported/, "tried to import"],
  [/^moved/, "tried to move"],
  [/^renamed/, "tried to rename"],
  [/^created/, "tried to create"],
  [/^copied/, "tried to copy"],
  [/^checked/, "tried to check"],
  [/^removed/, "tried to remove"],
  [/^took in/, "tried to take in"],
  [/^restored/, "tried to restore"],
  [/^confirmed/, "tried to confirm"],
  [/^locked/, "tried to lock"],
  [/^reset/, "tried to reset"],
  [/^worked/, "tried to work"],
  [/^marked/, "tried to mark"],
  [/^unlocked/, "tried to unlock"],
  [/^presented/, "tried to present"],
  [/^took over/, "tried to take over"],
  [/^replaced/, "tried to replace"],
  [/^disabled/, "tried to disable"],
  [/^enabled/, "tried to enable"],
  [/^revoked/, "tried to revoke"],
  [/^paused/, "tried to pause"],
  [/^used/, "tried to use"],
  [/^kept/, "tried to keep"],
  [/^looked for/, "tried to look for"],
  [/^asked/, "tried to ask"],
  [/^forgot/, "tried to forget"],
  [/^saved/, "tried to save"],
  [/^gave/, "tried to give"],
  [/^went back/, "tried to go back"],
  [/^showed/, "tried to show"],
  [/^read/, "tried to read"],
];

/** What was done or tried, in words. */
export function whatText({ op: recorded, outcome, kind }: Pick<Entry, "op" | "outcome" | "kind">): string {
  const op = currentName(recorded);
  const done = manyThings.has(op) ? wordsFor(op, kind) : (opWords[op] ?? unknownOp(op));
  if (outcome !== "refused") return done;
  for (const [pattern, tried] of triedWords) if (pattern.test(done)) return done.replace(pattern, tried);
  return done;
}

/** Operations that create things of several kinds, with an entry for each; the entry's kind says which. */
const manyThings = new Set(["demo.fill", "transfer.import", "organisation.confirm"]);

function wordsFor(op: string, kind: string): string {
  if (op === "transfer.import") return kind === "place" ? "imported processes" : `${opWords[op]}`;
  const thing = madeThings[kind];
  if (!thing) return opWords[op] ?? unknownOp(op);
  return op === "demo.fill" ? `added the ${thing}` : `added the ${thing} at first run`;
}

const madeThings: Record<string, string> = {
  setup: "API Key Setup",
  place: "process",
  user: "user",
  role: "role",
};

/** The name of an operation that this version does not know, as words: the data was written by a newer one. */
function unknownOp(op: string): string {
  return op.replace(/[._]+/g, " ");
}

/** The kinds of things, as the filter shows them; `office` is what `organisation` was called before. */
export const kindLabels: Record<string, string | undefined> = { ...labels, office: labels.organisation };

export const outcomeLabels: Record<string, string> = { done: "Done", refused: "Refused" };

/** Whether a new chain begins with this entry, because a key of the trail was damaged. */
export const isBreak = ({ op }: Pick<Entry, "op">) => op === "activity.restart";

/** Where an operation came from. */
export const sourceLabels: Record<string, string> = {
  window: "the Keydesk window",
  keydesk: "Keydesk itself",
  api: "the local API",
  cli: "the command line",
};
