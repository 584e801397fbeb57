import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { invalidate } from "./query";
import { onEvent } from "./runtime";

/** The window's hint that something of a feature changed; without a feature, anything may have changed. */
const changedEvent = "changed";

/** The window's hint that the backend's phase changed. */
const phaseEvent = "window.phase";

/** Fetches again what the window's hints name; hints carry no data. Mounted by the shell. */
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

/** The window's hint that it is being closed, and that the page has to ask what that means. */
const closingEvent = "window.closing";

/** Calls a function at the hint that the window is being closed. */
export function onClosing(heard: () => void): () => void {
  return onEvent(closingEvent, heard);
}
