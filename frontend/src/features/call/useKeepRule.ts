import { useQueryClient } from "@tanstack/react-query";
import { setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { ask, invalidate } from "../../bridge/query";
import type { Call, Rule } from "./types";

/** Saves a rule in the setup of a call; undefined if the setup is gone or the person may not edit it. */
export function useKeepRule(call: Call): ((rule: Rule) => Promise<void>) | undefined {
  const mayEdit = useCan(setup.Update);
  const client = useQueryClient();
  if (!mayEdit || !call.setup_id || call.draft) return undefined;
  return async (rule) => {
    const today = await ask(setup.Get, { id: call.setup_id });
    await ask(setup.Update, { id: today.id, version: today.version, draft: { ...today.draft, rule } });
    void invalidate(client, "setup");
    void invalidate(client, "call");
  };
}
