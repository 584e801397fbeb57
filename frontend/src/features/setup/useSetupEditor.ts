import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { call, setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import type { Fault } from "../../bridge/fault";
import { tell } from "../../shell/showFault";
import { useQueryAction } from "../../shell/useQueryAction";
import { goTo, useUnsaved, withTyped } from "../../ui";
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
import { becameSecret, heldPlain } from "./exposed";
import { listPlace } from "./listState";
import { offersFor } from "./offers";
import { useChooseProvider } from "./useChooseProvider";
import { usePreview } from "./usePreview";
import { useProvider } from "./useProvider";
import { type Setup, useSave } from "./useSave";
import { anchorOf, type SectionKey, sectionTitles } from "./words";

export interface SetupEditorInput {
  /** Where the draft's stored secrets come from. It is the same object while the form is open. */
  source: Source;
  start: {
    draft: Draft;
    saved: Setup | null;
    /** Changes are found by comparing with this; by default with the draft. */
    baseline?: Draft;
  };
  /** Keeps what the form shows, for the next start of the form. */
  held?: RefObject<Draft>;
  /** A provider that was chosen outside the form, whose request fills the form. */
  choose?: { id: string; name: string };
  /** A new setup was created, and the form stays open with it. */
  onMade?: (id: string) => void;
}

/** The state and actions of the form of a setup: the draft, its faults, saving, testing. It renders nothing. */
export function useSetupEditor({ source: from, start, held, choose, onMade }: SetupEditorInput) {
  const [, navigate] = useLocation();
  const [saved, setSaved] = useState(start.saved);
  const [made, setMade] = useState<Source>();
  const source = made ?? from;
  const [baseline, setBaseline] = useState(start.baseline ?? start.draft);
  const [draft, setDraft] = useState(start.draft);
  const [stageIds, setStageIds] = useState<string[]>([]);
  const [errors, setErrors] = useState<Errors>({});
  const [fault, setFault] = useState<Fault | null>(null);
  const [testing, setTesting] = useState(false);
  const [tab, setTab] = useState<"form" | "request">("form");

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
  // A message goes away once its input has changed, and the refusal goes with the last message.
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

  // What is in the history: what is saved, here or in the setup that this is a copy of, and what was tested.
  const [testedDrafts, setTestedDrafts] = useState<Draft[]>([]);
  const origin = saved ? saved.draft : source.setup_id ? start.draft : undefined;
  const recorded = useMemo(() => (origin ? [origin, ...testedDrafts] : testedDrafts), [origin, testedDrafts]);
  const wasPlain = useMemo(() => heldPlain(recorded), [recorded]);

  // What happens after a save.
  const [oldValue, setOldValue] = useState<{ name: string; texts: string[]; onClose: () => void } | null>(null);
  const stays = useRef(false);
  const typedSince = (sent: Draft) => JSON.stringify(newest.current) !== JSON.stringify(sent);
  const { save, saving } = useSave({
    saved,
    source,
    onSaved: (setups, sent) => {
      const [first] = setups;
      const what = setups.length > 1 ? `${setups.length} setups` : `“${first?.title}”`;
      const more = setups.length === 1 && typedSince(sent);
      tell(`${saved ? "Updated" : "Created"} ${what}.${more ? " What you typed meanwhile is not saved yet." : ""}`);
      const goOn = () => {
        setOldValue(null);
        if ((!stays.current && !more) || !first || setups.length > 1) {
          release();
          return navigate(listPlace());
        }
        setSaved(first);
        setBaseline(first.draft);
        setDraft((now) => withTyped(sent, now, first.draft));
        if (saved) return;
        setMade({ setup_id: first.id, paste_id: "" });
        onMade?.(first.id);
      };
      const texts = first ? becameSecret(recorded, first.draft) : [];
      if (!first || texts.length === 0) return goOn();
      setOldValue({ name: first.title, texts, onClose: goOn });
    },
    onFault: (next, messages, sent) => {
      setFault(next);
      setErrors(messages);
      setTab("form");
      // A person who went on typing stays where they are.
      wantsFault.current = !typedSince(sent);
    },
  });
  const send = async (stay: boolean) => {
    if (saving || readOnly) return;
    stays.current = stay;
    // A provider's request that is still being made is part of what is saved.
    await provider.settled();
    await new Promise((rendered) => setTimeout(rendered));
    const whole = withoutEmptyRows(newest.current);
    newest.current = whole;
    setDraft(whole);
    setFault(null);
    setErrors({});
    save(whole, stageIds);
  };

  // After a refusal the focus goes to the first field that needs a change, once it is rendered.
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

  // Messages at fields are not repeated; links and other refusals are shown above the form.
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
  const rendered = !draft.provider || form !== null || provider.fault !== null;
  useEffect(() => {
    if (!wanted || !rendered) return;
    setWanted("");
    toField(wanted);
  }, [wanted, rendered]);
  const { stage_params, fixed, params } = draft.request;
  const offers = useMemo(
    () => offersFor({ stage_params, fixed, params }, fields, setDraft),
    [stage_params, fixed, params, fields],
  );
  const title = readOnly ? "View API Key Setup" : saved ? "Edit API Key Setup" : "New API Key Setup";

  return {
    source,
    draft,
    change,
    changeRequest,
    saved,
    /** How the draft was authenticated when it was read, so that its stored secret can be kept. */
    savedAuth: source !== noSource ? (saved ? baseline : start.draft).request.auth : undefined,
    stageIds,
    onStageIds: saved || readOnly ? undefined : setStageIds,
    fields,
    provider,
    preview,
    labels,
    offers,
    title,
    readOnly,
    errors,
    wrong,
    fault,
    /** How many messages are shown at fields; if there are any, the refusal is not shown above them. */
    atFields,
    nav,
    toField,
    saving,
    /** Tells whether a text is in the history as plain text. */
    wasPlain,
    /** To be called when what the form holds was fired. */
    onFired: () => setTestedDrafts((before) => [...before.filter((each) => each !== draft), draft]),
    /** What a save has just made secret, until the person was told where the old value is. */
    oldValue,
    /** Saves; `stay` keeps the form open. */
    send,
    cancel,
    tab,
    setTab,
    /** Opens Test; undefined if the setup cannot be tested or the person may not. */
    test,
    testing,
    stopTesting: () => setTesting(false),
    /** What is tested: null is the setup as it is stored. */
    tested: saved && !dirty ? null : draft,
    /** Whether the provider's credential can be checked here. */
    mayCheck: form !== null && mayTest && !saved?.deleted_ms && (mayChange || saved !== null),
    onErrors: (messages: Errors) => {
      setErrors(messages);
      wantsFault.current = true;
    },
  };
}

const noFields: Field[] = [];

/** Keeps the old value while the new one is equal: every preview brings the same fields again. */
function useSame<Value>(value: Value): Value {
  const kept = useRef(value);
  if (kept.current !== value && JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}
