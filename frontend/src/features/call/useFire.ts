import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { operation as runs } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, type Input, type Operation, type Plain, write } from "../../bridge/query";
import { useConfirm } from "../../ui";
import type { Detail } from "./types";

/** What every input of a firing has in common. */
interface Head {
  operation_id: string;
  confirmed: boolean;
}

type Body<In> = Omit<Plain<In>, keyof Head>;

export interface Firing<In> {
  /** Fires, asking first where the backend wants it; null when it was not sent. */
  fire: (input: Body<In>, confirmed?: boolean) => Promise<Detail | null>;
  cancel: () => void;
  /** When the running one began, in milliseconds; null while nothing is being sent. */
  since: number | null;
  cancelling: boolean;
  fault: Fault | null;
  clearFault: () => void;
}

/**
 * One firing at a time. The operation's id is made before the call, so that Cancel cannot lose a race with it. Unless
 * `keepGoing` is set, leaving the screen cancels.
 */
export function useFire<In extends Head, Out extends Detail>(
  operation: Operation<In, Out>,
  { keepGoing = false } = {},
): Firing<In> {
  const confirm = useConfirm();
  const { mutateAsync } = useMutation(write(operation));
  const [since, setSince] = useState<number | null>(null);
  const [cancelling, setCancelling] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const running = useRef("");

  const attempt = useCallback(
    async (input: Body<In>, confirmed: boolean): Promise<Detail> => {
      running.current = crypto.randomUUID();
      setSince(performance.now());
      setCancelling(false);
      try {
        return (await mutateAsync({ ...input, operation_id: running.current, confirmed } as Input<In>)) as Detail;
      } finally {
        running.current = "";
        setSince(null);
      }
    },
    [mutateAsync],
  );

  const fire = useCallback(
    async (input: Body<In>, confirmed = false): Promise<Detail | null> => {
      // A second press while one is being sent must not send a second message.
      if (running.current) return null;
      setFault(null);
      try {
        return await attempt(input, confirmed);
      } catch (cause) {
        const first = faultOf(cause);
        if (first.code !== "call.confirm") return fail(first);
        const yes = await confirm({ question: "Send it?", consequence: first.message, yes: "Send", no: "Do not send" });
        if (!yes) return null;
      }
      try {
        return await attempt(input, true);
      } catch (cause) {
        return fail(faultOf(cause));
      }

      function fail(found: Fault): null {
        setFault(found);
        return null;
      }
    },
    [attempt, confirm],
  );

  const cancel = useCallback(() => {
    if (!running.current) return;
    setCancelling(true);
    void ask(runs.Cancel, { id: running.current }).catch(() => {});
  }, []);

  useEffect(() => (keepGoing ? undefined : cancel), [keepGoing, cancel]);

  const clearFault = useCallback(() => setFault(null), []);
  return { fire, cancel, since, cancelling, fault, clearFault };
}
