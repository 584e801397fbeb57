import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { invalidate } from "./query";
import { onEvent } from "./runtime";

/** The window's hint that things of a kind (a feature word) changed; without a kind, anything may have. */
const changedEvent = "changed";

/** The window's hint that it is further with opening, or failed to. */
const phaseEvent = "window.phase";

/** Turns the window's hints into looking again: hints carry no data, it is always fetched. Mounted by the shell. */
export function useChangeHints(): void {
  const client = useQueryClient();
  useEffect(() => {
    const offChanged = onEvent(changedEvent, (kind) => {
      void invalidate(client, typeof kind === "string" && kind ? kind : "*");
    });
    const offPhase = onEvent(phaseEvent, () => void invalidate(client, "*"));
    return () => {
      offChanged();
      offPhase();
    };
  }, [client]);
}
