import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { BidiSafe, ErrorState, Waiting } from "../../ui";
import styles from "./Call.module.css";
import type { Channel } from "./types";
import { targetText } from "./words";

interface WhySetupProps {
  placeId: string;
  stageId: string;
  channel: Channel;
  /** Reports the setup that applies, or an empty string. */
  onFound: (setupId: string) => void;
}

/** Which setup applies and why (R10). */
export function WhySetup({ placeId, stageId, channel, onFound }: WhySetupProps) {
  const input = { place_id: placeId, stage_id: stageId, channel };
  const answer = useQuery(read(setup.Resolve, input, { watches: ["process"] }));
  const setupId = answer.data?.setup_id ?? "";
  const mayView = useCan("setup.view");
  const one = useQuery(read(setup.Get, { id: setupId }, { enabled: mayView && setupId !== "" }));
  useEffect(() => onFound(setupId), [onFound, setupId]);

  if (answer.error) return <ErrorState trouble={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) return <Waiting what="Looking for the setup" />;
  const target = targetText(one.data?.draft.request.url ?? "");
  return (
    <div className={styles.box}>
      <div>
        {setupId ? (
          <p role="status">
            Uses{" "}
            {mayView ? (
              <Anchor href={`#/setups/${setupId}`} inherit>
                <BidiSafe text={one.data?.title ?? "this setup"} />
              </Anchor>
            ) : (
              "the setup found below"
            )}
            {target && (
              <>
                , which goes to{" "}
                <strong>
                  <BidiSafe text={target} />
                </strong>
              </>
            )}
          </p>
        ) : (
          <p role="status">
            No setup applies here. Make one for this stage, for the whole place, or for a process above it.
          </p>
        )}
        <details className={styles.details}>
          <summary>{setupId ? "Why this one" : "Where Keydesk looked"}</summary>
          <p className={styles.dimmed}>The first enabled one counts, looked for in this order:</p>
          <ol className={styles.steps}>
            {answer.data.steps.map((step) => (
              <li key={`${step.place} ${step.stage}`}>
                <BidiSafe text={step.stage ? `${step.place}, stage ${step.stage}` : `${step.place}, every stage`} />:{" "}
                {foundWords[step.found] ?? "none"}
              </li>
            ))}
          </ol>
        </details>
      </div>
    </div>
  );
}

const foundWords: Record<string, string> = { won: "this one applies", disabled: "switched off", none: "none" };
