import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { alert } from "../../bridge/api";
import { type Fault, faultOf, fieldErrors } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { useConfirm } from "../../ui";
import type { AlertDraft } from "./Alerts";

/** Sends a test alert, after a question: it is a live message. `send` gives what became of it, null where it was not sent. */
export function useTryAlert() {
  const confirm = useConfirm();
  const { mutateAsync, isPending } = useMutation(write(alert.Try, { refreshes: ["call"] }));
  const [fault, setFault] = useState<Fault | null>(null);

  const send = async (message: AlertDraft["message"]): Promise<string | null> => {
    setFault(null);
    for (const confirmed of [false, true]) {
      try {
        const { call } = await mutateAsync({ operation_id: crypto.randomUUID(), message, confirmed });
        return call.reason || "The test alert was sent.";
      } catch (cause) {
        const found = faultOf(cause);
        if (confirmed || found.code !== "call.confirm") {
          setFault(found);
          return null;
        }
        const yes = await confirm({
          question: "Send a test alert?",
          consequence: found.message,
          yes: "Send",
          no: "Do not send",
        });
        if (!yes) return null;
      }
    }
    return null;
  };
  const errors = Object.fromEntries(
    Object.entries(fieldErrors(fault)).map(([path, text]) => [path.replace(/^message\./, ""), text]),
  );
  return {
    send,
    running: isPending,
    fault,
    /** Messages by the path below the message. */
    errors,
    /** A refusal that belongs to no input. */
    refusal: Object.keys(errors).length === 0 ? fault : null,
    clear: () => setFault(null),
  };
}
