import { useMutation } from "@tanstack/react-query";
import { setup } from "../../bridge/api";
import { write } from "../../bridge/query";
import { showFault, tell } from "../../shell/showFault";

/** Brings a deleted setup back, or shows why not. */
export function useRestore(): (id: string) => void {
  const { mutate } = useMutation(write(setup.Restore));
  return (id) =>
    mutate(
      { id },
      {
        onSuccess: (one) => tell(`Restored “${one.title}”.`),
        onError: showFault,
      },
    );
}
