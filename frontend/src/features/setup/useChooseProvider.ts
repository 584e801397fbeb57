import { useConfirm } from "../../ui";
import type { Draft } from "./draft";
import type { ProviderState } from "./useProvider";

/** Chooses a provider. It asks before a request written by hand is replaced. */
export function useChooseProvider(provider: ProviderState, draft: Draft) {
  const confirm = useConfirm();
  return async (id: string, name: string) => {
    if (id === draft.provider) return;
    const written = draft.provider === "" && (draft.request.url !== "" || draft.request.params.length > 0);
    if (id && written) {
      const yes = await confirm({
        question: `Use ${name}?`,
        consequence: "The request you wrote here is replaced by the provider's. Stage parameters stay.",
        yes: `Use ${name}`,
        no: "Keep my request",
      });
      if (!yes) return;
    }
    provider.choose(id);
  };
}
