import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { organisation } from "../../bridge/api";
import { read } from "../../bridge/query";

/** What trying the keyring gave, or that it is still being tried. */
export interface Trial {
  trying: boolean;
  works: boolean;
  message: string;
  hint: string;
  again: () => void;
  /** Goes on without its answer; an answer that comes later still counts. */
  leave: () => void;
}

/** Tries the system keyring once, in the background; it may ask for its own password, so it can take minutes. */
export function useProbe(wanted: boolean): Trial {
  const [left, setLeft] = useState(false);
  const { data, error, isFetching, isPending, refetch } = useQuery({
    ...read(organisation.TryKeyring, undefined, { enabled: wanted }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const said = error ?? data;
  const unanswered = isFetching || isPending;
  return {
    trying: unanswered && !left,
    works: !unanswered && !error && data?.works === true,
    message: unanswered ? "The keyring has not answered yet." : (said?.message ?? ""),
    hint: unanswered ? "Look for a window of it that waits for an answer." : (said?.hint ?? ""),
    again: () => {
      setLeft(false);
      void refetch();
    },
    leave: () => setLeft(true),
  };
}
