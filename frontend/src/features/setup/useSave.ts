import { useMutation } from "@tanstack/react-query";
import { type model, setup } from "../../bridge/api";
import { type Fault, fieldErrors } from "../../bridge/fault";
import type { Plain } from "../../bridge/query";
import { useConfirmed, wasGivenUp } from "../../shell/password";
import type { Draft, Errors, Source } from "./draft";

export type Setup = Plain<model.setup.Setup>;

interface Saving {
  /** The setup edited; null makes a new one. */
  saved: Setup | null;
  /** Where the draft's stored secrets come from. */
  source: Source;
  /** Gets what was saved, and what was sent. */
  onSaved: (setups: Setup[], sent: Draft) => void;
  onFault: (fault: Fault, errors: Errors, sent: Draft) => void;
}

/** Creates or updates, asking for the password where Go wants it; faults come back with their messages by the form's paths. */
export function useSave({ saved, source, onSaved, onFault }: Saving) {
  const create = useMutation(useConfirmed(setup.Create));
  const update = useMutation(useConfirmed(setup.Update));
  const save = (draft: Draft, stageIds: string[]) => {
    const onError = (fault: Fault) => {
      if (!wasGivenUp(fault)) onFault(fault, fieldErrors(fault), draft);
    };
    if (saved) {
      update.mutate(
        { id: saved.id, version: saved.version, draft },
        { onSuccess: (one) => onSaved([one], draft), onError },
      );
    } else {
      create.mutate(
        { draft, stage_ids: stageIds, copy_of: source },
        { onSuccess: ({ setups }) => onSaved(setups, draft), onError },
      );
    }
  };
  return { save, saving: create.isPending || update.isPending };
}
