import { Select, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call as api } from "../../bridge/api";
import { read } from "../../bridge/query";
import { EmptyState, ErrorState, Modal, Waiting } from "../../ui";
import styles from "./Call.module.css";
import { inputOf, nothing } from "./listState";
import { prettyJson } from "./prettyJson";
import type { Call, Detail } from "./types";
import { verdictLabels } from "./words";

// Loaded when two calls are compared: it brings a library that nothing else needs.
const SideBySide = lazy(async () => ({ default: (await import("./SideBySide")).SideBySide }));

interface CompareProps {
  /** The call to compare. It is on the right, since it is usually the newer one. */
  detail: Detail;
  /** The call to compare with, if it is already chosen. */
  withId?: string;
  onClose: () => void;
}

/** Two calls side by side, request and answer line by line. */
export function Compare({ detail, withId = "", onClose }: CompareProps) {
  const { call } = detail;
  const input = inputOf({ ...nothing, setup: call.setup_id });
  const list = useQuery(read(api.List, input));
  const others = (list.data?.calls ?? []).filter((one) => one.id !== call.id && one.state === "done");
  const [chosen, setChosen] = useState(withId);
  // The call before it is usually the one that is meant.
  const before = others.find((one) => one.at_ms <= call.at_ms) ?? others[0];
  const otherId = chosen || before?.id || "";
  const other = useQuery(read(api.Get, { id: otherId }, { enabled: otherId !== "" }));
  const [onlyChanges, setOnlyChanges] = useState(false);
  const trouble = list.error ?? other.error;
  const choices = others.map((one) => ({ value: one.id, label: callLine(one) }));
  if (other.data && !others.some((one) => one.id === otherId)) {
    choices.unshift({ value: otherId, label: callLine(other.data.call) });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size="min(76rem, 95vw)"
      title="Compare two calls"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {trouble ? (
        <ErrorState trouble={trouble} onRetry={() => void (list.error ? list.refetch() : other.refetch())} />
      ) : list.data && !otherId ? (
        <EmptyState title="Nothing to compare with yet." text="Fire it again, then compare the two calls." />
      ) : other.data ? (
        <div className={styles.compare}>
          <div className={styles.compareHead}>
            <Select
              label="Compare with"
              data={choices}
              value={otherId}
              allowDeselect={false}
              onChange={(value) => setChosen(value ?? "")}
              comboboxProps={{ transitionProps: { duration: 0 } }}
            />
            <div className={styles.thisCall}>
              <span className={styles.columnName}>This call</span>
              <span>{callLine(call)}</span>
            </div>
            <Switch
              label="Only differences"
              checked={onlyChanges}
              onChange={(event) => setOnlyChanges(event.currentTarget.checked)}
            />
          </div>
          <Suspense fallback={<Waiting what="Comparing the calls" />}>
            <SideBySide
              title="Result"
              left={resultLines(other.data)}
              right={resultLines(detail)}
              onlyChanges={onlyChanges}
            />
            <SideBySide
              title="Request as sent"
              left={other.data.request.wire}
              right={detail.request.wire}
              onlyChanges={onlyChanges}
            />
            <SideBySide
              title="Headers"
              left={headerLines(other.data)}
              right={headerLines(detail)}
              onlyChanges={onlyChanges}
            />
            <SideBySide title="Body" left={bodyLines(other.data)} right={bodyLines(detail)} onlyChanges={onlyChanges} />
          </Suspense>
        </div>
      ) : (
        <Waiting what="Reading the calls" />
      )}
    </Modal>
  );
}

/** The same for a call whose details are not read yet. */
export function CompareById({ id, onClose }: { id: string; onClose: () => void }) {
  const one = useQuery(read(api.Get, { id }));
  if (one.data) return <Compare detail={one.data} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title="Compare two calls" closeButtonProps={{ "aria-label": "Close" }}>
      {one.error ? (
        <ErrorState trouble={one.error} onRetry={() => void one.refetch()} />
      ) : (
        <Waiting what="Reading the call" />
      )}
    </Modal>
  );
}

function callLine(call: Call): string {
  const parts = [
    exactTime(call.at_ms),
    verdictLabels[call.verdict] ?? "",
    call.simulated ? "Simulator" : "",
    call.recipient,
  ];
  return parts.filter(Boolean).join(", ");
}

function exactTime(ms: number): string {
  return new Date(ms).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

function resultLines({ call, reply }: Detail): string {
  return [
    call.simulated ? `${reply.result.reason} (simulator)` : reply.result.reason,
    reply.answer.status ? `Status ${reply.answer.status} ${reply.answer.status_text}`.trim() : "No answer",
    reply.result.rule_text ? `Rule: ${reply.result.rule_text}` : "",
    call.message_id ? `Message id ${call.message_id}` : "",
  ]
    .filter(Boolean)
    .join("\n");
}

function headerLines({ reply }: Detail): string {
  return reply.answer.headers.map(({ name, value }) => `${name}: ${value}`).join("\n");
}

function bodyLines({ reply }: Detail): string {
  return prettyJson(reply.text)?.text ?? reply.text;
}
