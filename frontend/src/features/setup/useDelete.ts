import { useMutation } from "@tanstack/react-query";
import { type model, setup } from "../../bridge/api";
import { faultOf } from "../../bridge/fault";
import { ask, type Plain, write } from "../../bridge/query";
import { channelLabels } from "../../shell/channels";
import { showFault, tell } from "../../shell/showFault";
import { useConfirm } from "../../ui";
import type { Row } from "./columns";

/** Asks before deleting, saying what it leaves behind (A53, A54); true once it is deleted. */
export function useDelete(): (row: Pick<Row, "id" | "channel">) => Promise<boolean> {
  const confirm = useConfirm();
  const { mutateAsync } = useMutation(write(setup.Delete));
  return async ({ id, channel }) => {
    try {
      const info = await ask(setup.DeleteInfo, { id });
      const yes = await confirm({
        question: `Delete “${info.title}”?`,
        consequence: consequenceOf(info, channelLabels[channel]),
        yes: "Delete",
        no: "Keep",
        danger: true,
      });
      if (!yes) return false;
      await mutateAsync({ id });
      tell(`Deleted “${info.title}”. It can be restored for 30 days.`);
      return true;
    } catch (cause) {
      showFault(faultOf(cause));
      return false;
    }
  };
}

/** “The stage Shipped will have no SMS setup. 214 calls stay in the history.” */
export function consequenceOf(info: Plain<model.setup.DeleteInfo>, channel: string): string {
  const where = info.stage ? `The stage ${info.stage}` : info.place || "This place";
  const then = info.fallback ? `Then “${info.fallback}” applies.` : `${where} will have no ${channel} setup.`;
  return `${then} ${callsText(info.calls)}`;
}

function callsText(calls: number): string {
  if (calls === 0) return "It was never called.";
  return calls === 1 ? "1 call stays in the history." : `${calls.toLocaleString("en-US")} calls stay in the history.`;
}
