import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { call, setup } from "../../bridge/api";
import { read } from "../../bridge/query";
import { BidiSafe, useFocusKept } from "../../ui";
import { AnswerView } from "./AnswerView";
import styles from "./Call.module.css";
import { FireFault } from "./FireFault";
import { FiringSign } from "./FiringSign";
import { RecordForm, recordErrors, samplesOf } from "./RecordForm";
import { TargetChoice } from "./TargetChoice";
import type { Detail, Draft, Field, Outcome, Rule, Source } from "./types";
import { useFire } from "./useFire";
import { useTarget } from "./useTarget";
import { messageWords, targetText } from "./words";

export interface TestPanelProps {
  /** The saved setup that is tested, empty for a new one. */
  setupId: string;
  /** Where the draft's stored secrets come from. */
  source: Source;
  /** What the form contains; null tests what is saved. */
  draft: Draft | null;
  fields: Field[];
  /** Called after each test: what was fired is in the history now. */
  onFired?: () => void;
  /** Takes a rule made from an answer, after it was shown. */
  onRule?: (rule: Rule) => void;
  /** The person wants to change this input, a path of the draft. */
  onField?: (path: string) => void;
}

/**
 * Fires a setup once with sample values that can be changed, and shows what came back (A57). With a provider it goes to
 * the simulator unless the person chooses the provider itself.
 */
export function TestPanel({ setupId, source, draft, fields, onFired, onRule, onField }: TestPanelProps) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [detail, setDetail] = useState<Detail | null>(null);
  const root = useRef<HTMLElement>(null);
  const firing = useFire(call.Test);
  const saved = useQuery(read(setup.Get, { id: setupId }, { enabled: draft === null && setupId !== "" }));
  const shown = draft ?? saved.data?.draft;
  const request = shown?.request;
  const address = targetText(request?.url ?? "");
  const target = useTarget(shown?.provider ?? "");
  const simulated = target.simulate !== "";
  // Until it is known whether there is a provider, a test could go to the wrong target.
  const known = shown !== undefined || setupId === "" || saved.error !== null;
  // The fields that the setup takes come first; a place has many that it never reads.
  const taken = new Set((request?.stage_params ?? []).map((row) => row.field));
  const used = fields.filter((field) => taken.has(field.name));
  // A value that was refused is shown, also one that the setup never reads.
  const errors = recordErrors(firing.fault?.fields ?? []);
  const shownFields = fields.filter((field) => taken.has(field.name) || field.name in errors);
  const others = fields.length - shownFields.length;
  const [all, setAll] = useState(false);
  const record = { ...samplesOf(fields), ...typed };

  const test = async (simulate = target.simulate) => {
    if (!known) return;
    const done = await firing.fire({
      setup_id: setupId,
      source,
      simulate,
      ...(draft ? { draft } : {}),
      record: Object.fromEntries(fields.map((field) => [field.name, record[field.name] ?? ""])),
    });
    if (!done) return;
    setDetail(done);
    onFired?.();
  };

  // In a dialog, Test is what the person came for.
  useEffect(() => {
    const panel = root.current;
    // A person who is already typing stays where they are.
    const typing = document.activeElement instanceof HTMLInputElement && panel?.contains(document.activeElement);
    if (known && !typing && panel?.closest('[role="dialog"]')) panel.querySelector<HTMLElement>("[data-test]")?.focus();
  }, [known]);

  useFocusKept(firing.since !== null, () => root.current?.querySelector<HTMLElement>("[data-test]"));

  const onKeyDown = (event: KeyboardEvent) => {
    // A dialog above the panel, such as Compare, is not part of it.
    if (!root.current?.contains(event.target as Node)) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.repeat) {
      event.preventDefault();
      // A selector would also open its list.
      event.stopPropagation();
      void test();
    }
  };

  return (
    <section ref={root} className={styles.panel} aria-label="Test" onKeyDownCapture={onKeyDown}>
      <TargetChoice
        target={target}
        what={messageWords[shown?.channel ?? "sms"]}
        local={address.startsWith("this computer")}
      />
      {fields.length === 0 && (
        <p className={styles.dimmed}>
          {shown?.place_id === ""
            ? "Choose a process first: the sample values come from its stages."
            : "This stage has no fields, so there are no sample values to fill in."}
        </p>
      )}
      {fields.length > 0 && used.length === 0 && <p className={styles.dimmed}>This setup takes no stage fields.</p>}
      <RecordForm fields={all ? fields : shownFields} record={record} onChange={setTyped} errors={errors} />
      {others > 0 && !all && (
        <Button variant="subtle" size="compact-sm" className={styles.more} onClick={() => setAll(true)}>
          {used.length === 0
            ? `Show the stage's ${others} fields`
            : `Show ${others} more stage ${others === 1 ? "field" : "fields"}`}
        </Button>
      )}
      <div className={styles.actionsLine}>
        <p className={styles.target}>
          {address && (
            <>
              {simulated ? "The simulator answers for " : "Goes to "}
              <strong>
                <BidiSafe text={address} />
              </strong>
            </>
          )}
        </p>
        <Button
          data-test
          data-autofocus
          aria-keyshortcuts="Control+Enter"
          title="Ctrl+Enter"
          disabled={firing.since !== null || !known}
          onClick={() => void test()}
        >
          Test
        </Button>
      </div>
      {firing.since !== null && (
        <FiringSign since={firing.since} cancelling={firing.cancelling} onCancel={firing.cancel} />
      )}
      {firing.fault && <FireFault fault={firing.fault} onField={onField} />}
      {detail && firing.since === null && !firing.fault && (
        <AnswerView
          key={detail.call.id}
          detail={detail}
          // The same again: a simulated call is simulated again, whatever the target is now.
          onAgain={() => void test(detail.call.simulated as Outcome)}
          onRule={onRule}
          onField={onField}
        />
      )}
    </section>
  );
}

export default TestPanel;
