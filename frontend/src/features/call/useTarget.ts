import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { provider } from "../../bridge/api";
import { read } from "../../bridge/query";
import type { Outcome, ProviderForm } from "./types";

export interface Target {
  /** The provider's form; null without a provider, while it is read, and if its file is gone. */
  form: ProviderForm | null;
  /** The setup names a provider whose file is not here. */
  gone: boolean;
  /** The outcome that the backend is asked to simulate; "" sends to the address itself. */
  simulate: Outcome;
  /** The outcome that is chosen, whether or not the simulator is the target. */
  outcome: Outcome;
  setSimulated: (simulated: boolean) => void;
  setOutcome: (outcome: Outcome) => void;
}

/** Where a test goes: at first the simulator, if the setup has a provider (RULES.md, Testing and sending). */
export function useTarget(providerId: string): Target {
  const [real, setReal] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>("accepted");
  const form = useQuery(read(provider.Get, { id: providerId }, { enabled: providerId !== "" }));
  // Until the file is read, a quick press goes to the simulator, which costs nothing.
  const simulated = providerId !== "" && !real && !form.error;
  return {
    form: form.data ?? null,
    gone: form.error !== null,
    simulate: simulated ? outcome : "",
    outcome,
    setSimulated: (yes) => setReal(!yes),
    setOutcome,
  };
}
