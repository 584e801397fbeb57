import { transfer, window } from "../../bridge/api";
import { faultOf } from "../../bridge/fault";
import { ask } from "../../bridge/query";
import { showFault, tell } from "../../shell/showFault";
import type { ListInput } from "./listState";
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
      if (file.damaged.length > 0) tell(damagedWords(file.damaged));
    } catch (cause) {
      showFault(faultOf(cause));
    }
  };
}

/** What could not be read and is not in the file. */
function damagedWords(titles: string[]): string {
  const [first, ...others] = titles;
  return others.length > 0
    ? `“${first}” and ${counted(others.length, "more setup")} are damaged in the data file and are not in it.`
    : `“${first}” is damaged in the data file and is not in it.`;
}

/** Where a secret was also written out in plain text. */
function hiddenWords(titles: string[]): string {
  const [first, ...others] = titles;
  const where = others.length > 0 ? `“${first}” and ${counted(others.length, "more setup")}` : `“${first}”`;
  return `In ${where} a secret was also written in plain text. It was hidden in the file.`;
}
