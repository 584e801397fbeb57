import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { organisation } from "../../bridge/api";
import { read } from "../../bridge/query";

/** The result of trying the keyring, or that it is still being tried. */
export interface Probe {
  trying: boolean;
  works: boolean;
  message: string;
  hint: string;
  again: () => void;
  /** Continues without an answer; one that comes later still counts. */
  leave: () => void;
}

/** Tries the system keyring once, in the background. It may ask for its password, so it can take minutes. */
export function useProbe(wanted: boolean): Probe {
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
    hint: unanswered ? "Look for a window in which the keyring waits for an answer." : (said?.hint ?? ""),
    again: () => {
      setLeft(false);
      void refetch();
    },
    leave: () => setLeft(true),
  };
}
