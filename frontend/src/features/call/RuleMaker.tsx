import { Button, Group } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../bridge/api";
import { faultOf } from "../../bridge/fault";
import { read } from "../../bridge/query";
import { BidiSafe, ErrorState, Waiting } from "../../ui";
import styles from "./Call.module.css";
import type { Detail, Rule } from "./types";
import { ruleText } from "./words";

/** What to make a rule from: a value of the answer, or with an empty path the whole answer. */
interface Wanted {
  path: string;
  value: string;
}

interface RuleMakerProps {
  detail: Detail;
  wanted: Wanted | null;
  onWanted: (wanted: Wanted | null) => void;
  /** Saves the rule, or puts it into the form. */
  keep: (rule: Rule) => void | Promise<void>;
  /** Shown once it is kept. */
  keptText: string;
}

/** Asks whether a message judged by the status alone arrived, and shows a rule before it is kept (R8). */
export function RuleMaker({ detail, wanted, onWanted, keep, keptText }: RuleMakerProps) {
  const [asks, setAsks] = useState(true);
  const [kept, setKept] = useState(false);
  const { result, answer } = detail.reply;
  // A 2xx that its status alone does not make accepted may have arrived too; its reason says what is odd.
  const whole = answer.status >= 200 && answer.status < 300 && !answer.failure && answer.hops.length === 0;
  const doubted = result.verdict === "unclear" && whole;
  const byStatus = result.by === "status only" && (result.verdict === "accepted" || doubted);
  if (wanted) {
    return (
      <Proposal
        detail={detail}
        wanted={wanted}
        keep={keep}
        onKept={() => {
          setAsks(false);
          setKept(true);
          onWanted(null);
        }}
        onLeave={() => onWanted(null)}
      />
    );
  }
  if (kept) {
    return (
      <p className={styles.kept} role="status">
        {keptText}
      </p>
    );
  }
  if (!byStatus || !asks) return null;
  return (
    <div className={styles.box}>
      <span>
        {doubted
          ? "If the message arrived, a rule can be made from this answer."
          : `The server answered ${answer.status}. Did the message arrive?`}
      </span>
      <Group gap="xs">
        <Button size="xs" variant="light" onClick={() => onWanted({ path: "", value: "" })}>
          Yes, it arrived
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsks(false)}>
          No
        </Button>
      </Group>
    </div>
  );
}

interface ProposalProps {
  detail: Detail;
  wanted: Wanted;
  keep: (rule: Rule) => void | Promise<void>;
  onKept: () => void;
  onLeave: () => void;
}

function Proposal({ detail, wanted, keep, onKept, onLeave }: ProposalProps) {
  const input = { id: detail.call.id, path: wanted.path, value: wanted.value };
  const suggestion = useQuery(read(call.SuggestRule, input));
  const keeping = useMutation({ mutationFn: async (rule: Rule) => keep(rule), onSuccess: onKept });
  if (suggestion.error) {
    return <ErrorState trouble={suggestion.error} onRetry={() => void suggestion.refetch()} />;
  }
  const rule = suggestion.data;
  if (!rule) return <Waiting what="Making a rule from this answer" />;
  const fault = keeping.error ? faultOf(keeping.error) : null;
  return (
    <section className={styles.box} aria-label="Suggested rule">
      <div>
        <p>This would count as accepted:</p>
        <p>
          <code>
            <BidiSafe text={ruleText(rule)} />
          </code>
        </p>
        {rule.message_id.path && (
          <p className={styles.dimmed}>
            The message id is read from{" "}
            <code>
              <BidiSafe text={rule.message_id.path} />
            </code>
            .
          </p>
        )}
        {fault && (
          <p role="alert" className={styles.bad}>
            <BidiSafe text={`${fault.message} ${fault.hint}`} />
          </p>
        )}
      </div>
      <Group gap="xs">
        <Button size="xs" loading={keeping.isPending} onClick={() => keeping.mutate(rule)}>
          Keep this rule
        </Button>
        <Button size="xs" variant="default" onClick={onLeave}>
          Leave it
        </Button>
      </Group>
    </section>
  );
}
