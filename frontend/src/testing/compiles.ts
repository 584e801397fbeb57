import { organisation, setup } from "../bridge/api";
import { may } from "../bridge/can";
import type { Permission } from "../bridge/operation";
import { ask, read, write } from "../bridge/query";

/**
 * What must compile, and what must not. Nothing runs this: `npm run check` proves it, since the compiler reports an
 * expected error that does not occur.
 */
export async function compiles(): Promise<void> {
  const right: Permission = "setup.create";
  may([], right);
  may([], setup.Delete);
  read(setup.Get, { id: "a" });
  read(organisation.Steps, undefined);
  (await ask(setup.Get, { id: "a" })).draft.place_id.trim();

  // @ts-expect-error no such operation
  read(setup.Fetch, { id: "a" });
  // @ts-expect-error an operation, not its name
  read("setup.get", { id: "a" });
  // @ts-expect-error no such permission
  may([], "setup.crate");
  // @ts-expect-error a field is missing
  read(setup.Get, {});
  // @ts-expect-error a field too many
  read(setup.Get, { id: "a", name: "b" });
  // @ts-expect-error it takes nothing
  read(organisation.Steps, { id: "a" });
  // @ts-expect-error the time limit is the operation's own
  write(setup.Create, { long: true });
  // @ts-expect-error the answer has no such field
  (await ask(setup.Get, { id: "a" })).nothing;
}
