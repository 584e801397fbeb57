import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { lookAgain } from "./query";
import { onEvent } from "./runtime";

/** The window's hint that things of a kind (a feature word) changed. Data never travels in it. */
export const changedEvent = "changed";

/** Turns the window's hints into looking again. Mounted once, by the shell. */
export function useChangeHints(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onEvent(changedEvent, (kind) => {
        void lookAgain(client, typeof kind === "string" && kind ? kind : "*");
      }),
    [client],
  );
}

/** Hears an event of the window while mounted, such as the progress of long work. */
export function useEvent(name: string, handler: (...data: unknown[]) => void): void {
  useEffect(() => onEvent(name, handler), [name, handler]);
}
