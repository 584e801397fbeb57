import type { Entry } from "./types";

/**
 * What each operation of the backend does, as it stands after a person's name: "Asha Rao changed the API Key Setup".
 * A test holds this table against the backend's own list, so that no operation lacks words.
 */
export const opWords: Record<string, string> = {
  "activity.filters": "looked at the activity",
  "activity.list": "looked at the activity",
  "call.again": "fired a call again",
  "call.get": "looked at a call",
  "call.list": "looked at the calls",
  "call.send": "sent a message",
  "call.suggest_rule": "made a rule of an answer",
  "call.test": "tested the API Key Setup",
  "call.test_all": "tested all API Key Setups of a list",
  "call.check": "checked the credential of the API Key Setup",
  "call.prune": "removed old calls",
  "call.recover": "marked calls that were being sent when Keydesk stopped",
  "demo.fill": "filled the demo office",
  "transfer.export": "exported API Key Setups",
  "transfer.import": "imported the API Key Setup",
  "transfer.preview": "looked at a file of API Key Setups",
  "organisation.begin": "began the first run",
  "organisation.change_key": "began to change the data key",
  "organisation.confirm": "set up Keydesk",
  "organisation.confirm_change": "changed the data key",
  "organisation.create_starter": "added a starter tree",
  "organisation.save_settings": "changed the settings",
  "organisation.settings": "looked at the settings",
  "organisation.state": "looked at the state of Keydesk",
  "organisation.steps": "looked at the first steps",
  "organisation.try_keyring": "tried the keyring",
  "organisation.unlock": "opened the secrets",
  "event.prune": "removed old events",
  "operation.cancel": "cancelled something running",
  "operation.progress": "looked at the progress",
  "process.create_field": "added the Stage Field",
  "process.create_place": "added the process",
  "process.create_stage": "added the stage",
  "process.delete_field": "deleted the Stage Field",
  "process.delete_place": "deleted the process",
  "process.delete_stage": "deleted the stage",
  "process.export_csv": "exported the processes",
  "process.fields_at": "looked at the Stage Fields",
  "process.import_csv": "imported processes",
  "process.move_field": "moved the Stage Field",
  "process.move_stage": "moved the stage",
  "process.preview_import": "looked at an import",
  "process.rename_place": "renamed the process",
  "process.rename_stage": "renamed the stage",
  "process.stages": "looked at the stages",
  "provider.delete": "removed the provider",
  "provider.example": "looked at the example of a provider file",
  "provider.export": "looked at the file of a provider",
  "provider.get": "looked at a provider",
  "provider.import": "took in the provider",
  "provider.list": "looked at the providers",
  "provider.preview_import": "looked at a provider file",
  "process.tree": "looked at the processes",
  "process.update_field": "changed the Stage Field",
  "setup.create": "created the API Key Setup",
  "setup.curl": "copied the API Key Setup as curl",
  "setup.delete": "deleted the API Key Setup",
  "setup.delete_info": "looked at what deleting the API Key Setup means",
  "setup.apply": "looked at the request of a provider",
  "setup.get": "looked at the API Key Setup",
  "setup.list": "looked at the API Key Setups",
  "setup.paste": "looked at a pasted example",
  "setup.preview": "looked at a request",
  "setup.purge": "removed for good the deleted API Key Setup",
  "setup.resolve": "looked which API Key Setup applies",
  "setup.restore": "restored the API Key Setup",
  "setup.update": "changed the API Key Setup",
  "user.change_password": "changed their own password",
  "user.confirm_password": "confirmed their password",
  "user.create": "added the user",
  "user.create_role": "added the role",
  "user.delete": "deleted the user",
  "user.delete_role": "deleted the role",
  "user.forgot_password": "set a new password with the recovery code",
  "user.list": "looked at the users",
  "user.lock": "locked Keydesk",
  "user.permissions": "looked at the permissions",
  "user.reset_password": "reset the password of",
  "user.roles": "looked at the roles",
  "user.session": "looked at the session",
  "user.sign_in": "signed in",
  "user.sign_out": "signed out",
  "user.touch": "worked on",
  "user.unlock": "unlocked Keydesk",
  "user.update": "changed the user",
  "user.update_role": "changed the role",
};

/** Operations by the names they had before; entries of that time keep them, since the chain covers them. */
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

/** The same, refused: "was refused: tested the API Key Setup" reads badly, so the try is named. */
const triedWords: [RegExp, string][] = [
  [/^signed in/, "tried to sign in"],
  [/^signed out/, "tried to sign out"],
  [/^looked at/, "tried to look at"],
  [/^looked which/, "tried to look which"],
  [/^tested/, "tried to test"],
  [/^sent/, "tried to send"],
  [/^fired/, "tried to fire"],
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
];

/** What was done, or tried, in words. */
export function whatText({ op: recorded, outcome, kind }: Pick<Entry, "op" | "outcome" | "kind">): string {
  const op = currentName(recorded);
  const done = manyThings.has(op) ? wordsFor(op, kind) : (opWords[op] ?? unknownOp(op));
  if (outcome !== "refused") return done;
  for (const [pattern, tried] of triedWords) if (pattern.test(done)) return done.replace(pattern, tried);
  return done;
}

/** Operations that make things of several kinds, an entry each; the entry's kind says which. */
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

/** An operation this page does not know yet (a newer file of data): its own name, spelled out. */
function unknownOp(op: string): string {
  return op.replace(/[._]+/g, " ");
}

/** The kinds of things, as the filter names them. */
export const kindLabels: Record<string, string> = {
  setup: "API Key Setup",
  call: "Call",
  place: "Process",
  stage: "Stage",
  stage_field: "Stage Field",
  user: "User",
  role: "Role",
  provider: "Provider",
  organisation: "Organisation",
  office: "Organisation",
  refusal: "Refusal",
};

export const outcomeLabels: Record<string, string> = { done: "Done", refused: "Refused" };

/** Where somebody worked from. */
export const sourceLabels: Record<string, string> = {
  window: "the Keydesk window",
  keydesk: "Keydesk itself",
};
