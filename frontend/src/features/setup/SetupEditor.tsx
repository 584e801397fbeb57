import { Button, Drawer, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { call, setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import type { Fault } from "../../bridge/fault";
import { Screen } from "../../shell/Screen";
import { useQueryAction } from "../../shell/useQueryAction";
import { goTo, ScreenHeader, SectionNav, useHotkey, useUnsaved } from "../../ui";
import { CheckCredential } from "./CheckCredential";
import {
  type Draft,
  type Errors,
  errorsStillTrue,
  type Field,
  noSource,
  type Source,
  type Spec,
  sectionOf,
  withoutEmptyRows,
} from "./draft";
import { FaultBanner } from "./FaultBanner";
import { LivePane } from "./LivePane";
import { listPlace } from "./listState";
import { offersFor } from "./offers";
import { Sections } from "./Sections";
import styles from "./Setup.module.css";
import { tell } from "./showFault";
import { TemplatesContext } from "./Templates";
import { TestSlot } from "./TestSlot";
import { useChooseProvider } from "./useChooseProvider";
import { usePreview } from "./usePreview";
import { useProvider } from "./useProvider";
import { type Setup, useSave } from "./useSave";
import { type SectionKey, sectionTitles } from "./words";

interface SetupEditorProps {
  /** What the draft keeps its secrets from. It is the same object while the form is open. */
  source: Source;
  start: {
    draft: Draft;
    saved: Setup | null;
    /** What would be lost is held against this; the draft itself where nothing was entered yet. */
    baseline?: Draft;
  };
  /** Holds what the form shows, for whoever begins it anew. */
  held?: RefObject<Draft>;
  /** Reads the saved setup again, in place of what was entered. */
  onReload?: () => void;
  /** A provider chosen beside the form, to draw its request into it. */
  choose?: { id: string; name: string };
  /** Other ways to begin, beside the form's own buttons. */
  strip?: ReactNode;
}

export const anchorOf = (key: SectionKey) => `setup-${key}`;

/** The form with the live request beside it (A19 to A49, A55, A56). */
export function SetupEditor({ source, start, held, onReload, choose, strip }: SetupEditorProps) {
  const [, navigate] = useLocation();
  const [saved, setSaved] = useState(start.saved);
  const [baseline, setBaseline] = useState(start.baseline ?? start.draft);
  const [draft, setDraft] = useState(start.draft);
  const [stageIds, setStageIds] = useState<string[]>([]);
  const [errors, setErrors] = useState<Errors>({});
  const [fault, setFault] = useState<Fault | null>(null);
  const [testing, setTesting] = useState(false);
  const [tab, setTab] = useState<"form" | "request">("form");
  const wide = useMediaQuery("(min-width: 1200px)") ?? false;
  const [current, setCurrent] = useState<string>();

  const mayWrite = useCan(saved ? setup.Update : setup.Create);
  const mayChange = [useCan(setup.Update), useCan(setup.Create)].some(Boolean);
  const mayTest = useCan(call.Test);
  const readOnly = !mayWrite || (saved?.deleted_ms ?? 0) > 0;

  const dirty = useMemo(
    () => draft !== baseline && (stageIds.length > 0 || JSON.stringify(draft) !== JSON.stringify(baseline)),
    [draft, baseline, stageIds],
  );
  const { release } = useUnsaved(!readOnly && dirty, saved ? `“${saved.title}”` : "the new setup");
  const preview = usePreview(draft, source);
  const fields = useSame(preview.answer?.fields ?? noFields);
  const provider = useProvider(draft, setDraft, readOnly ? noFields : fields);
  const { form } = provider;
  const chooseProvider = useChooseProvider(provider, draft);
  const asked = useRef(choose);
  useEffect(() => {
    if (!choose || asked.current === choose) return;
    asked.current = choose;
    void chooseProvider(choose.id, choose.name);
  }, [choose, chooseProvider]);
  const accounts = useMemo(() => {
    const own = new Set(form?.provider.fields.filter((field) => field.belongs === "account").map((field) => field.id));
    return new Set(draft.request.fixed.flatMap((field, at) => (own.has(field.name) ? [at] : [])));
  }, [form, draft.request.fixed]);
  const labels = useMemo(() => form && new Map(form.provider.fields.map(({ id, label }) => [id, label])), [form]);
  const newest = useRef(draft);
  newest.current = draft;
  if (held) held.current = draft;

  const change = useCallback((part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), []);
  const changeRequest = useCallback(
    (part: Partial<Spec>) => setDraft((before) => ({ ...before, request: { ...before.request, ...part } })),
    [],
  );
  // A message goes once its input has changed, and with the last one the refusal.
  const judged = useRef(draft);
  useEffect(() => {
    const before = judged.current;
    judged.current = draft;
    if (before === draft) return;
    const still = errorsStillTrue(errors, before, draft);
    if (still === errors) return;
    setErrors(still);
    if (fault?.kind === "invalid" && Object.keys(still).length === 0) setFault(null);
  }, [draft, errors, fault]);

  // What a save is to lead to.
  const stays = useRef(false);
  const { save, saving } = useSave({
    saved,
    source,
    onSaved: (setups) => {
      release();
      const [first] = setups;
      const what = setups.length > 1 ? `${setups.length} setups` : `“${first?.title}”`;
      tell(saved ? `Updated ${what}.` : `Created ${what}.`);
      if (!stays.current || !first || setups.length > 1) return navigate(listPlace());
      if (!saved) return navigate(`/setups/${first.id}`, { replace: true });
      setSaved(first);
      setBaseline(first.draft);
      setDraft(first.draft);
    },
    onFault: (next, messages) => {
      setFault(next);
      setErrors(messages);
      setTab("form");
      wantsFault.current = true;
    },
  });
  const send = async (stay: boolean) => {
    if (saving || readOnly) return;
    stays.current = stay;
    // A provider's request that is just being drawn belongs to what is saved.
    await provider.settled();
    await new Promise((drawn) => setTimeout(drawn));
    const whole = withoutEmptyRows(newest.current);
    setDraft(whole);
    setFault(null);
    setErrors({});
    save(whole, stageIds);
  };

  // After a refusal the focus goes to the first field that needs a change, once it is drawn.
  const wantsFault = useRef(false);
  useEffect(() => {
    if (!wantsFault.current) return;
    wantsFault.current = false;
    const wrong = new Set(Object.keys(errors).map((path) => sectionOf(path, accounts)));
    const first = (Object.keys(sectionTitles) as SectionKey[]).find((key) => wrong.has(key));
    if (first) goTo(anchorOf(first));
  }, [errors, accounts]);

  const test =
    mayTest && !saved?.deleted_ms && (mayChange || (saved !== null && !dirty)) ? () => setTesting(true) : undefined;
  const cancel = () => navigate(listPlace());
  useHotkey({ save: readOnly ? undefined : () => void send(true), test, close: cancel });

  // What stands at the fields is not said twice; links and other refusals are told above the form.
  const atFields = fault?.kind === "invalid" && fault.links.length === 0 ? Object.keys(errors).length : 0;
  const wrong = new Set(Object.keys(errors).map((path) => sectionOf(path, accounts)));
  const nav = (Object.entries(sectionTitles) as [SectionKey, string][])
    .filter(([key]) => key !== "message" || form)
    .map(([key, title]) => ({ id: anchorOf(key), title, hasError: wrong.has(key) }));
  const toField = (path: string) => {
    setTesting(false);
    setTab("form");
    const dotted = path.replace(/\[(\d+)\]/g, ".$1");
    const section = anchorOf(sectionOf(dotted.startsWith("draft.") ? dotted : `draft.${dotted}`, accounts));
    // After the drawer has given the focus back to the screen.
    setTimeout(() => goTo(section), testing ? 200 : 0);
  };
  // A provider's fields are known once its file is read.
  const [wanted, setWanted] = useState("");
  useQueryAction("to", setWanted);
  const drawn = !draft.provider || form !== null || provider.fault !== null;
  useEffect(() => {
    if (!wanted || !drawn) return;
    setWanted("");
    toField(wanted);
  }, [wanted, drawn]);
  const { stage_params, fixed, params } = draft.request;
  const offers = useMemo(
    () => offersFor({ stage_params, fixed, params }, fields, setDraft),
    [stage_params, fixed, params, fields],
  );
  const title = readOnly ? "View API Key Setup" : saved ? "Edit API Key Setup" : "New API Key Setup";
  const pane = !saved?.deleted_ms && (
    <LivePane preview={preview} draft={draft} source={source} labels={labels} onTest={test} />
  );

  return (
    <TemplatesContext.Provider value={offers}>
      <Screen>
        <ScreenHeader title={title} subtitle={saved?.title}>
          <span className={styles.refused} role="alert">
            {atFields > 0 && `Not saved: ${atFields === 1 ? "1 field needs" : `${atFields} fields need`} a change.`}
          </span>
          <Button variant="default" onClick={cancel}>
            {readOnly ? "Close" : "Cancel"}
          </Button>
          {!readOnly && (
            <Button loading={saving} onClick={() => void send(false)} aria-keyshortcuts="Control+S">
              {saved ? "Update" : "Create"}
            </Button>
          )}
        </ScreenHeader>
        {fault && !atFields && <FaultBanner fault={fault} onReload={onReload} />}
        {(strip || !wide) && (
          <div className={styles.top}>
            {!wide && (
              <SegmentedControl
                aria-label="What is shown"
                data={[
                  { value: "form", label: "Form" },
                  { value: "request", label: "Request" },
                ]}
                value={tab}
                transitionDuration={0}
                onChange={(next) => setTab(next as typeof tab)}
              />
            )}
            {strip && (
              <fieldset className={styles.strip} aria-label="Begin with">
                <span className={styles.note}>Begin with</span>
                {strip}
              </fieldset>
            )}
          </div>
        )}
        <div className={styles.editor} data-wide={wide || undefined}>
          <div className={styles.formSide} hidden={!wide && tab !== "form"}>
            <div className={styles.contents}>
              <SectionNav sections={nav} current={current} />
            </div>
            <form
              className={styles.form}
              aria-label={title}
              noValidate
              onFocus={(event) => setCurrent(event.target.closest("[data-section]")?.id)}
            >
              <Sections
                draft={draft}
                change={change}
                changeRequest={changeRequest}
                errors={errors}
                readOnly={readOnly}
                wrong={wrong}
                fields={fields}
                saved={saved}
                savedAuth={source !== noSource ? (saved ? baseline : start.draft).request.auth : undefined}
                stageIds={stageIds}
                onStageIds={saved || readOnly ? undefined : setStageIds}
                provider={provider}
                preview={preview.answer}
                check={
                  form &&
                  mayTest &&
                  !saved?.deleted_ms &&
                  (mayChange || saved !== null) && (
                    <CheckCredential
                      key={draft.provider}
                      setupId={saved?.id ?? ""}
                      source={source}
                      draft={saved && !dirty ? null : draft}
                      says={form.probe_says}
                      last={saved?.check}
                      onField={toField}
                      onErrors={(messages) => {
                        setErrors(messages);
                        wantsFault.current = true;
                      }}
                    />
                  )
                }
              />
            </form>
          </div>
          {(wide || tab === "request") && pane}
        </div>
        <Drawer
          opened={testing}
          onClose={() => setTesting(false)}
          position="right"
          size="44rem"
          title="Test"
          closeButtonProps={{ "aria-label": "Close" }}
          transitionProps={{ duration: 120 }}
        >
          {testing && (
            <TestSlot
              setupId={saved?.id ?? ""}
              source={source}
              draft={saved && !dirty ? null : draft}
              fields={fields}
              onRule={readOnly ? undefined : (rule) => change({ rule })}
              onField={toField}
            />
          )}
        </Drawer>
      </Screen>
    </TemplatesContext.Provider>
  );
}

const noFields: Field[] = [];

/** The value before while the new one says the same: every preview brings the same fields again. */
function useSame<Value>(value: Value): Value {
  const kept = useRef(value);
  if (kept.current !== value && JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}
