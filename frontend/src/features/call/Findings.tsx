import { IconCircleCheck, IconListSearch } from "@tabler/icons-react";
import { BidiSafe } from "../../ui";
import styles from "./Call.module.css";
import type { Detail } from "./types";
import { outcomeLabels } from "./words";

/** What the simulator was asked to play, and what the provider would refuse in the request. */
export function Findings({ detail }: { detail: Detail }) {
  const { call, reply } = detail;
  const found = reply.findings;
  return (
    <section className={styles.findings} aria-label="Simulator" data-found={found.length > 0 || undefined}>
      {found.length > 0 ? <IconListSearch size={18} aria-hidden /> : <IconCircleCheck size={18} aria-hidden />}
      <div>
        {found.length > 0 ? (
          <>
            <p className={styles.findingsTitle}>
              <BidiSafe
                text={`The simulator found ${found.length === 1 ? "something" : `${found.length} things`} that ${call.service} would refuse:`}
              />
            </p>
            <ul>
              {found.map((sentence) => (
                <li key={sentence}>
                  <BidiSafe text={sentence} />
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p>{reply.answer.status > 0 ? "The simulator found nothing wrong with the request." : "No answer came."}</p>
        )}
        <p className={styles.dimmed}>
          <BidiSafe
            text={`Answer to play: ${outcomeLabels[call.simulated] ?? call.simulated}. Nothing was sent to ${call.service}.`}
          />
        </p>
      </div>
    </section>
  );
}
