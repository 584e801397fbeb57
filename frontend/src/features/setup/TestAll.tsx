import { Anchor, Button, Group, Progress, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, type model, operation } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { ask, type Plain, read, write } from "../../bridge/query";
import { BidiSafe, durationText, ErrorState, Modal, VerdictBadge } from "../../ui";
import type { ListInput } from "./listState";
import styles from "./Setup.module.css";

/** Fires every enabled setup of the list as it is filtered, with sample values, at the simulator or this computer only. */
export function TestAll({ filter, onClose }: { filter: ListInput; onClose: () => void }) {
  const [operationId] = useState(() => crypto.randomUUID());
  const run = useMutation(write(call.TestAll));
  const stop = () => void ask(operation.Cancel, { id: operationId }).catch(() => {});
  const close = () => {
    if (run.isPending) stop();
    onClose();
  };
  return (
    <Modal opened onClose={close} title="Test all" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      {run.isIdle && (
        <>
          <Text>
            Fires every enabled setup of this list once, with the sample values. Setups of a provider go to the
            simulator: nothing is sent and it costs no money. Others are fired if they go to this computer, and listed
            if not.
          </Text>
          <Group justify="flex-end" gap="xs" mt="lg">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button data-autofocus onClick={() => run.mutate({ operation_id: operationId, filter })}>
              Test all
            </Button>
          </Group>
        </>
      )}
      {run.isPending && <Running operationId={operationId} onStop={stop} />}
      {run.error && <ErrorState trouble={run.error} onRetry={() => run.reset()} />}
      {run.data && <Summary result={run.data} onClose={onClose} />}
    </Modal>
  );
}

function Running({ operationId, onStop }: { operationId: string; onStop: () => void }) {
  const progress = useQuery({
    ...read(operation.Progress, { id: operationId }),
    refetchInterval: 300,
  });
  const { done = 0, total = 0, text = "" } = progress.data ?? {};
  return (
    <>
      <Progress value={total ? (100 * done) / total : 0} aria-label="Progress of the test" transitionDuration={0} />
      <p className={styles.runLine} role="status">
        {total ? `${done} of ${total}` : "Starting"} {text && <BidiSafe text={text} />}
      </p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onStop}>
          Cancel
        </Button>
      </Group>
    </>
  );
}

type AllResult = Plain<model.call.AllResult>;

function figure(count: number): string {
  return count.toLocaleString("en-US");
}

/** Where the calls went. None left this computer. */
function targetsText({ fired, simulated }: AllResult): string {
  const local = fired - simulated;
  const parts = [
    ...(simulated > 0 ? [`${figure(simulated)} at the simulator`] : []),
    ...(local > 0 ? [`${figure(local)} at this computer`] : []),
  ];
  return `${parts.join(", ")}. Nothing left this computer.`;
}

function Summary({ result, onClose }: { result: AllResult; onClose: () => void }) {
  const mayView = useCan("call.view");
  const counts = Object.entries(result.verdicts).filter(([, count]) => count > 0);
  return (
    <>
      <Text fw={600} role="status">
        {result.cancelled ? "Cancelled. " : ""}
        {result.fired === 1 ? "1 setup was fired" : `${figure(result.fired)} setups were fired`} in{" "}
        {durationText(result.total_ms)}.
      </Text>
      {result.fired > 0 && <Text>{targetsText(result)}</Text>}
      <Group gap="lg" mt="xs">
        {counts.map(([verdict, count]) => (
          <VerdictBadge key={verdict} verdict={verdict} suffix={String(count)} />
        ))}
      </Group>
      {result.not_fired.length > 0 && (
        <>
          <h2 className={styles.smallTitle}>Not fired: {figure(result.not_fired.length)}</h2>
          <ul className={styles.notFired} aria-label="Setups that were not fired">
            {result.not_fired.map((one) => (
              <li key={one.setup_id}>
                <Anchor href={`#/setups/${one.setup_id}`} inherit onClick={onClose}>
                  <BidiSafe text={one.title} />
                </Anchor>
                <span>
                  <BidiSafe text={one.why} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        {result.fired > 0 && mayView && (
          <Button component="a" href={`#/calls?run=${result.run_id}`} variant="default" onClick={onClose}>
            Open the calls
          </Button>
        )}
        <Button data-autofocus onClick={onClose}>
          Close
        </Button>
      </Group>
    </>
  );
}
