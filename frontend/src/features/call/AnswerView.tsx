import { Button, Tabs } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { call as api } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { reportPainted } from "../../bridge/runtime";
import { afterPaint } from "../../shell/afterPaint";
import { BidiSafe, CopyButton, durationText, VerdictBadge } from "../../ui";
import { AnswerBody } from "./AnswerBody";
import { AnswerHeaders } from "./AnswerHeaders";
import { AnswerTiming } from "./AnswerTiming";
import styles from "./Call.module.css";
import { Compare } from "./Compare";
import { Delivery } from "./Delivery";
import { Findings } from "./Findings";
import { RawAnswer, SentRequest } from "./RawViews";
import { RetryWait } from "./RetryWait";
import { RuleMaker } from "./RuleMaker";
import { SimulatorSign } from "./SimulatorSign";
import { inputToChange, ToField } from "./ToField";
import type { Detail, Rule } from "./types";
import { useKeepRule } from "./useKeepRule";
import { shortcomings, sizeText } from "./words";

interface AnswerViewProps {
  detail: Detail;
  /** Fires the same again; without it there is no button. */
  onAgain?: () => void;
  /** Puts a rule made from this answer into a form, after it was shown; without it the rule is saved in the setup. */
  onRule?: (rule: Rule) => void;
  /** Leads to an input of the setup, a path of the draft. */
  onField?: (path: string) => void;
}

/** What came back, with the verdict in words first (UI.md, The answer). Foreign text is only ever shown as text. */
export function AnswerView({ detail, onAgain, onRule, onField }: AnswerViewProps) {
  const { call, reply } = detail;
  const { answer, result } = reply;
  const [comparing, setComparing] = useState(false);
  const [wanted, setWanted] = useState<{ path: string; value: string } | null>(null);
  const maySuggest = useCan(api.SuggestRule);
  const saveRule = useKeepRule(call);
  const keep = onRule ?? (detail.setup_gone ? undefined : saveRule);
  const simulated = call.simulated !== "";
  // What the simulator played proves nothing about a real answer, so no rule is made from it.
  const takesRule = maySuggest && keep !== undefined && answer.status > 0 && !simulated;
  const waits = result.verdict === "throttled" && result.retry_after_s > 0;
  const field = onField && inputToChange(detail);
  const toField = field && onField && <ToField field={field} onField={onField} />;
  const said = shortcomings(answer, reply.text_cut);
  useEffect(() => afterPaint(() => reportPainted("answer")), []);

  return (
    <section className={styles.answer} aria-label="Answer">
      <header className={styles.verdictHead}>
        <div className={styles.verdictLine}>
          <VerdictBadge verdict={result.verdict} />
          {simulated && <SimulatorSign framed />}
          <Facts>
            {answer.status > 0 && `${answer.status}${answer.status_text ? ` ${answer.status_text}` : ""}`}
            {durationText(call.total_ms)}
            {answer.status > 0 && sizeText(answer.body_bytes)}
          </Facts>
          {result.message_id && (
            <span className={styles.messageId}>
              <span className={styles.dimmed}>message id</span>
              <code>
                <BidiSafe text={result.message_id} />
              </code>
              <CopyButton text={result.message_id} label="Copy message id" />
            </span>
          )}
        </div>
        <p className={styles.reason} role="status">
          <BidiSafe text={result.reason} />
        </p>
        {(result.hint || waits || toField) && (
          <p className={styles.hint}>
            {waits ? (
              <RetryWait atMs={call.at_ms + call.total_ms + 1000 * result.retry_after_s} />
            ) : (
              <BidiSafe text={result.hint} />
            )}{" "}
            {toField}
          </p>
        )}
        {reply.delivery && (result.verdict === "accepted" || result.verdict === "unclear") && (
          <Delivery page={reply.delivery} />
        )}
        {result.rule_text && answer.status > 0 && (
          <p className={styles.rule}>
            {result.by === "provider rule" ? "provider's rule" : "rule"}:{" "}
            <code>
              <BidiSafe text={result.rule_text} />
            </code>
            {result.by === "status only" && " (the status alone)"}
          </p>
        )}
        {detail.note && (
          <p className={styles.note}>
            <BidiSafe text={detail.note} />
          </p>
        )}
        <div className={styles.buttons}>
          {onAgain && (
            <Button size="xs" variant="default" onClick={onAgain}>
              Fire again
            </Button>
          )}
          {call.setup_id && (
            <Button size="xs" variant="default" onClick={() => setComparing(true)}>
              Compare
            </Button>
          )}
          {takesRule && (
            <Button size="xs" variant="default" onClick={() => setWanted({ path: "", value: "" })}>
              Make a rule from this
            </Button>
          )}
        </div>
      </header>
      {takesRule && (
        <RuleMaker
          detail={detail}
          wanted={wanted}
          onWanted={setWanted}
          keep={keep}
          keptText={onRule ? "The rule is in the form now. Save the setup to keep it." : "The setup has this rule now."}
        />
      )}
      {simulated && <Findings detail={detail} />}
      <AnswerTiming answer={answer} />
      {said.map((sentence) => (
        <p key={sentence} className={styles.note}>
          {sentence}
        </p>
      ))}
      <Tabs defaultValue={answer.status > 0 ? "body" : "request"} keepMounted={false}>
        <Tabs.List>
          {answer.status > 0 && <Tabs.Tab value="body">Body</Tabs.Tab>}
          {answer.status > 0 && <Tabs.Tab value="headers">Headers {answer.headers.length}</Tabs.Tab>}
          <Tabs.Tab value="request">Request as sent</Tabs.Tab>
          {answer.status > 0 && <Tabs.Tab value="raw">Raw</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="body" pt="xs">
          <AnswerBody detail={detail} onPick={takesRule ? setWanted : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="headers" pt="xs">
          <AnswerHeaders headers={answer.headers} />
        </Tabs.Panel>
        <Tabs.Panel value="request" pt="xs">
          <SentRequest request={detail.request} sent={answer.sent} />
        </Tabs.Panel>
        <Tabs.Panel value="raw" pt="xs">
          <RawAnswer detail={detail} />
        </Tabs.Panel>
      </Tabs>
      {comparing && <Compare detail={detail} onClose={() => setComparing(false)} />}
    </section>
  );
}

function Facts({ children }: { children: ReactNode[] }) {
  return (
    <span className={styles.facts}>
      {children.filter(Boolean).map((fact) => (
        <span key={String(fact)}>{fact}</span>
      ))}
    </span>
  );
}
