import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { organisation } from "../bridge/api";
import { useCan } from "../bridge/can";
import { write } from "../bridge/query";
import { useConfirm } from "../ui/Confirm";
import { showFault } from "./showFault";

/** Pauses all sending by other systems and by the clock, or goes on. Undefined for people who may not. */
export function usePause(): { busy: boolean; pause: () => void; goOn: () => void } | undefined {
  const may = useCan(organisation.Pause);
  const confirm = useConfirm();
  const pausing = useMutation({
    ...write(organisation.Pause),
    onError: showFault,
  });
  if (!may) return undefined;
  const set = async (paused: boolean, question: Parameters<typeof confirm>[0], done: string) => {
    if (pausing.isPending || !(await confirm(question))) return;
    pausing.mutate({ paused }, { onSuccess: () => notifications.show({ message: done }) });
  };
  return {
    busy: pausing.isPending,
    pause: () =>
      void set(
        true,
        {
          question: "Pause sending?",
          consequence:
            "From the next request on, whatever other systems want to send is refused, until an Org Admin goes on. People can still test and send here.",
          yes: "Pause sending",
          no: "Keep sending",
        },
        "Sending is paused.",
      ),
    goOn: () =>
      void set(
        false,
        {
          question: "Go on sending?",
          consequence: "Other systems can send again from the next request on. What was refused meanwhile is not sent.",
          yes: "Go on sending",
          no: "Stay paused",
        },
        "Sending goes on.",
      ),
  };
}
