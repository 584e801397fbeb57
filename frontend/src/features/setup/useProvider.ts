import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type model, provider, setup } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, type Plain, read } from "../../bridge/query";
import { withTyped } from "../../ui";
import type { Draft, Entered, Field, Value } from "./draft";
import { enteredIn, newStageParam, variableName, withEntered, withTable } from "./draft";

export type Form = Plain<model.provider.Form>;
export type ProviderField = Form["provider"]["fields"][number];
export type ProviderTable = Form["provider"]["rows"][number];
export type Applied = Plain<model.setup.Applied>;
export type TableRow = Plain<model.provider.Row>;

export interface ProviderState {
  /** The chosen provider; null for a request written by hand, and while the provider is read. */
  form: Form | null;
  /** Its file is gone, or it could not be read. */
  fault: Fault | null;
  /** Sections that a person changed by hand: "auth", "api", "headers", "params". */
  byHand: string[];
  newer: boolean;
  changes: Applied["changes"];
  /** Applies a provider to the draft; "" turns it into a request written by hand. */
  choose: (id: string) => void;
  /** `apply` is for a value that others depend on, such as a choice: the request is made again. */
  setValue: (id: string, value: Value, apply?: boolean) => void;
  setTable: (id: string, rows: TableRow[]) => void;
  /** Takes the request as the provider's file has it today. */
  reset: () => void;
  /** Waits until the draft has what was asked for. */
  settled: () => Promise<void>;
}

/** How long after a change the form is compared with the provider's file, in milliseconds. */
const compareAfterMs = 400;

/** The provider's side of the form: it keeps what is entered, and Go makes the request from it (RULES.md, Providers). */
export function useProvider(draft: Draft, setDraft: (change: (before: Draft) => Draft) => void, fields: Field[]) {
  const id = draft.provider;
  const one = useQuery(read(provider.Get, { id }, { enabled: id !== "" }));
  const form = id !== "" && one.data?.provider.id === id ? one.data : null;
  const [info, setInfo] = useState<Info>({ ...nothing, byHand: draft.by_hand });
  const [trouble, setTrouble] = useState<Fault | null>(null);
  const newest = useRef(draft);
  newest.current = draft;
  // What the request in the draft was made from. From it Go finds what was changed by hand since.
  const madeFrom = useRef(draft.entered);
  const turn = useRef(0);
  const pending = useRef<Promise<void>>(Promise.resolve());

  const apply = useCallback(
    (to: string, more: Partial<Plain<model.setup.ApplyInput>> = {}, from = newest.current) => {
      turn.current += 1;
      const mine = turn.current;
      setTrouble(null);
      pending.current = ask(setup.Apply, asking(from, madeFrom.current, to, more)).then(
        (applied) => {
          if (mine !== turn.current) return;
          madeFrom.current = applied.draft.entered;
          setDraft((before) => appliedTo(from, before, applied, from.provider !== to));
          setInfo(infoOf(applied));
        },
        (cause) => {
          if (mine === turn.current) setTrouble(faultOf(cause));
        },
      );
      return pending.current;
    },
    [setDraft],
  );

  const choose = useCallback(
    (to: string) => {
      setInfo(nothing);
      void apply(to);
    },
    [apply],
  );
  const enter = useCallback(
    (change: (before: Draft) => Draft, applies: boolean) => {
      newest.current = change(newest.current);
      setDraft(change);
      if (applies) void apply(newest.current.provider);
    },
    [setDraft, apply],
  );
  const setValue = useCallback(
    (name: string, value: Value, applies = false) => enter((before) => withEntered(before, name, value), applies),
    [enter],
  );
  const setTable = useCallback(
    (name: string, rows: TableRow[]) => enter((before) => withTable(before, name, rows), true),
    [enter],
  );
  const reset = useCallback(() => void apply(newest.current.provider, { reset: true }), [apply]);
  const settled = useCallback(() => pending.current, []);

  // Another channel can mean another request, where the provider serves both.
  const channel = useRef(draft.channel);
  useEffect(() => {
    const before = channel.current;
    channel.current = draft.channel;
    if (before === draft.channel || !id) return;
    void apply(id, { channel: draft.channel }, { ...newest.current, channel: before });
  }, [draft.channel, id, apply]);

  // What was changed by hand is found by comparing, a moment after the last change and after opening.
  const { auth, method, url, body_format, raw_body, headers, params } = draft.request;
  useEffect(() => {
    if (!id) return;
    let current = true;
    const timer = setTimeout(() => {
      const asked = turn.current;
      ask(setup.Apply, asking(newest.current, madeFrom.current, id)).then(
        (applied) => {
          if (current && asked === turn.current) setInfo(infoOf(applied));
        },
        () => {}, // the next one says so, or saving does
      );
    }, compareAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [id, auth, method, url, body_format, raw_body, headers, params]);

  usePrefill(form, draft, setDraft, fields);

  return useMemo<ProviderState>(
    () => ({
      form,
      fault: trouble ?? (id !== "" ? one.error : null),
      ...info,
      choose,
      setValue,
      setTable,
      reset,
      settled,
    }),
    [form, trouble, id, one.error, info, choose, setValue, setTable, reset, settled],
  );
}

type Info = Pick<ProviderState, "byHand" | "newer" | "changes">;

const nothing: Info = { byHand: [], newer: false, changes: [] };

const infoOf = ({ draft, newer, changes }: Applied): Info => ({ byHand: draft.by_hand, newer, changes });

const asking = (
  draft: Draft,
  madeFrom: Entered | undefined,
  provider: string,
  more: Partial<Plain<model.setup.ApplyInput>> = {},
) =>
  ({
    draft: { ...draft, entered: madeFrom },
    provider,
    channel: "",
    entered: draft.entered,
    reset: false,
    ...more,
  }) as Plain<model.setup.ApplyInput>;

/**
 * The draft as Go returned it. The page keeps what was entered, with what Go adds for newly visible fields, and what was
 * changed by hand since Go was asked. It also keeps typed secrets, which never come back from Go.
 */
function appliedTo(asked: Draft, before: Draft, applied: Applied, chosen: boolean): Draft {
  const { entered } = applied.draft;
  const request = chosen ? applied.draft.request : withTyped(asked.request, before.request, applied.draft.request);
  const typed = (value: Value, old: Value | undefined): Value =>
    value.secret && old?.secret && old.typed ? { ...value, typed: old.typed } : value;
  const byId = <Row extends { id: string; value: Value }>(rows: Row[], old: Row[]): Row[] =>
    rows.map((row) => ({ ...row, value: typed(row.value, old.find((each) => each.id === row.id)?.value) }));
  const { auth } = before.request;
  return {
    ...applied.draft,
    // What Go is not asked about may have changed meanwhile.
    place_id: before.place_id,
    stage_id: before.stage_id,
    enabled: before.enabled,
    name: before.name,
    rule: before.rule,
    options: before.options,
    entered: entered && !chosen ? withNew(before.entered, entered) : entered,
    request: {
      ...request,
      stage_params: before.request.stage_params,
      headers: byId(request.headers, before.request.headers),
      // A field that became an ordinary row keeps its typed secret.
      params: byId(request.params, before.request.params).map((row) =>
        row.in === "nowhere" ? { ...row, value: typed(row.value, enteredIn(before, row.name)) } : row,
      ),
      auth: {
        ...request.auth,
        key_value: typed(request.auth.key_value, auth.key_value),
        token: typed(request.auth.token, auth.token),
        password: typed(request.auth.password, auth.password),
        client_secret: typed(request.auth.client_secret, auth.client_secret),
      },
    },
  };
}

const withNew = (own: Entered | undefined, more: Entered): Entered =>
  own
    ? { ...own, values: [...own.values, ...more.values.filter(({ id }) => !own.values.some((each) => each.id === id))] }
    : more;

/** Whether a condition of the file holds: "kind=template", "channel=sms|email"; "" always does. */
export function holds(when: string, draft: Draft): boolean {
  if (!when) return true;
  const [name = "", wanted = ""] = when.split("=");
  const value =
    name === "channel" ? draft.channel : (draft.request.fixed.find((field) => field.name === name)?.value.plain ?? "");
  return wanted.split("|").includes(value);
}

/**
 * The person a message goes to is nearly always the stage's field of that type: it is filled in once, when it is still
 * empty, and its Stage Parameter row with it.
 */
function usePrefill(
  form: Form | null,
  draft: Draft,
  setDraft: (change: (before: Draft) => Draft) => void,
  fields: Field[],
) {
  const done = useRef("");
  useEffect(() => {
    if (draft.provider === "") done.current = "";
    if (!form || fields.length === 0) return;
    const key = `${form.provider.id} ${draft.place_id} ${draft.stage_id}`;
    const recipient = form.provider.fields.find((field) => field.id === form.provider.recipient);
    const at = draft.request.fixed.find((field) => field.name === recipient?.id);
    const found = fields.find((field) => field.type === recipient?.kind);
    if (done.current === key || !recipient || !at || !found) return;
    done.current = key;
    if (enteredIn(draft, recipient.id)?.plain) return;
    setDraft((before) => {
      const { stage_params, fixed } = before.request;
      const row = stage_params.find((each) => each.field === found.name);
      const taken = [...stage_params.map((each) => each.variable), ...fixed.map((each) => each.name)];
      const variable = row?.variable || variableName(found.name, taken);
      const filled = enteredIn(before, recipient.id)?.plain
        ? before
        : withEntered(before, recipient.id, { ...at.value, plain: `{{${variable}}}` });
      return {
        ...filled,
        request: {
          ...filled.request,
          stage_params: row ? stage_params : [...stage_params, newStageParam(variable, found.name)],
        },
      };
    });
  }, [form, draft.provider, draft.place_id, draft.stage_id, draft.request.fixed, draft.entered, fields, setDraft]);
}
