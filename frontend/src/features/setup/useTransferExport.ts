import { transfer, window } from "../../bridge/api";
import { faultOf } from "../../bridge/fault";
import { ask } from "../../bridge/query";
import type { ListInput } from "./listState";
import { showFault, tell } from "./showFault";
import { counted } from "./TransferChoices";

/** Saves what the list shows as a file, without secrets. */
export function useTransferExport(): (filter: ListInput) => Promise<void> {
  return async (filter) => {
    try {
      const file = await ask(transfer.Export, { filter, ids: [] });
      const saved = await ask(window.SaveText, { title: "Save the setups", file_name: file.name, text: file.text });
      if (!saved.saved) return;
      tell(`Saved ${counted(file.setups, "setup")} as ${saved.path}. Secrets are not in it.`);
      if (file.hidden.length > 0) tell(hiddenWords(file.hidden));
    } catch (cause) {
      showFault(faultOf(cause));
    }
  };
}

/** Where a secret was also written out in plain text. */
function hiddenWords(titles: string[]): string {
  const [first, ...others] = titles;
  const where = others.length > 0 ? `“${first}” and ${counted(others.length, "more setup")}` : `“${first}”`;
  return `In ${where} a secret was also written in plain text. It was hidden in the file.`;
}
