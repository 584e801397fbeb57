import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type model, provider, setup } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, type Plain, read } from "../../bridge/query";
import type { Draft, Field, Value } from "./draft";
import { newStageParam, variableName } from "./draft";

export type Form = Plain<model.provider.Form>;
export type ProviderField = Form["provider"]["fields"][number];
export type ProviderTable = Form["provider"]["rows"][number];
export type Drawn = Plain<model.setup.Applied>;
export type TableRow = Plain<model.provider.Row>;
type Tables = Record<string, TableRow[]>;

export interface ProviderState {
  /** The chosen provider, null for a request written by hand and while it is read. */
  form: Form | null;
  /** Its file is gone, or it could not be read. */
  fault: Fault | null;
  tables: Tables;
  /** Sections that are not as the provider's file draws them: "auth", "api", "headers", "params". */
  byHand: string[];
  newer: boolean;
  changes: Drawn["changes"];
  /** Draws the request of a provider into the draft; "" takes it into one's own hands. */
  choose: (id: string) => void;
  /** A value that others hang on, as a choice: the request is drawn again. */
  setValue: (id: string, value: Value, redraw?: boolean) => void;
  setTable: (id: string, rows: TableRow[]) => void;
  /** Takes the request as the provider's file has it today. */
  reset: () => void;
  /** Waits until the draft holds what was asked for. */
  settled: () => Promise<void>;
}

/** How long after a change the form is held against the provider's file, in milliseconds. */
const compareAfterMs = 400;

/** The provider's side of the form. Requests are drawn in Go, from the file alone (product.md 7). */
export function useProvider(draft: Draft, setDraft: (change: (before: Draft) => Draft) => void, fields: Field[]) {
  const id = draft.provider;
  const one = useQuery(read(provider.Get, { id }, { enabled: id !== "" }));
  const form = id !== "" && one.data?.provider.id === id ? one.data : null;
  const [info, setInfo] = useState<Pick<Drawn, "by_hand" | "newer" | "changes">>(nothing);
  const [tables, setTables] = useState<Tables>({});
  const [trouble, setTrouble] = useState<Fault | null>(null);
  const newest = useRef(draft);
  newest.current = draft;
  const tablesNow = useRef<Tables | null>(null);
  const turn = useRef(0);
  const pending = useRef<Promise<void>>(Promise.resolve());
  // What was typed into a field that a choice hides is there again when it comes back.
  const remembered = useRef(new Map<string, Value>());

  const draw = useCallback(
    (
      from: Draft,
      to: string,
      more: Partial<Pick<Plain<model.setup.ApplyInput>, "reset" | "channel" | "values">> = {},
    ) => {
      turn.current += 1;
      const mine = turn.current;
      setTrouble(null);
      for (const { name, value } of from.request.fixed) remembered.current.set(name, value);
      const rows = tablesNow.current;
      pending.current = ask(setup.Apply, asking(from, to, rows, more)).then(
        (drawn) => {
          if (mine !== turn.current) return;
          const chosen = from.provider !== to;
          setDraft((before) => drawnInto(before, drawn, chosen, remembered.current));
          setInfo(drawn);
          tablesNow.current = drawn.rows;
          setTables(drawn.rows);
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
      tablesNow.current = null;
      remembered.current = new Map();
      setTables({});
      setInfo(nothing);
      void draw(newest.current, to);
    },
    [draw],
  );
  const setValue = useCallback(
    (name: string, value: Value, redraw = false) => {
      const withValue = (before: Draft): Draft => ({
        ...before,
        request: {
          ...before.request,
          fixed: before.request.fixed.map((field) => (field.name === name ? { ...field, value } : field)),
        },
      });
      setDraft(withValue);
      if (redraw) {
        void draw(newest.current, newest.current.provider, { values: { [name]: value.plain } });
      }
    },
    [setDraft, draw],
  );
  const setTable = useCallback(
    (name: string, rows: TableRow[]) => {
      const next = { ...(tablesNow.current ?? {}), [name]: rows };
      tablesNow.current = next;
      setTables(next);
      void draw(newest.current, newest.current.provider);
    },
    [draw],
  );
  const reset = useCallback(() => void draw(newest.current, newest.current.provider, { reset: true }), [draw]);
  const settled = useCallback(() => pending.current, []);

  // Another channel can mean another request, where the provider serves both.
  const channel = useRef(draft.channel);
  useEffect(() => {
    const before = channel.current;
    channel.current = draft.channel;
    if (before !== draft.channel && id)
      void draw({ ...newest.current, channel: before }, id, { channel: draft.channel });
  }, [draft.channel, id, draw]);

  // What was changed by hand is found by comparing, a moment after the last change; also on arrival.
  const { auth, method, url, body_format, raw_body, headers, params } = draft.request;
  useEffect(() => {
    if (!id) return;
    let current = true;
    const timer = setTimeout(() => {
      const asked = turn.current;
      ask(setup.Apply, asking(newest.current, id, null)).then(
        (drawn) => {
          if (!current || asked !== turn.current) return;
          setInfo(drawn);
          if (!tablesNow.current) {
            tablesNow.current = drawn.rows;
            setTables(drawn.rows);
          }
        },
        () => {}, // the next one tells, or saving does
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
      tables,
      byHand: info.by_hand,
      newer: info.newer,
      changes: info.changes,
      choose,
      setValue,
      setTable,
      reset,
      settled,
    }),
    [form, trouble, id, one.error, tables, info, choose, setValue, setTable, reset, settled],
  );
}

const nothing: Pick<Drawn, "by_hand" | "newer" | "changes"> = { by_hand: [], newer: false, changes: [] };

/** Without rows Go keeps those of the draft. */
const asking = (
  draft: Draft,
  provider: string,
  rows: Tables | null,
  more: Partial<Plain<model.setup.ApplyInput>> = {},
) =>
  ({
    draft,
    provider,
    channel: "",
    values: {},
    reset: false,
    ...(rows ? { rows } : {}),
    ...more,
  }) as Plain<model.setup.ApplyInput>;

/** The draft with what Go drew. Secrets never come back from Go: what is typed here stays at its row. */
function drawnInto(before: Draft, drawn: Drawn, chosen: boolean, remembered: Map<string, Value>): Draft {
  const { request } = drawn.draft;
  const was = new Map(before.request.fixed.map((field) => [field.name, field.value]));
  const typed = (value: Value, old: Value | undefined): Value =>
    value.secret && old?.secret && old.typed ? { ...value, typed: old.typed } : value;
  const byId = <Row extends { id: string; value: Value }>(rows: Row[], old: Row[]): Row[] =>
    rows.map((row) => ({ ...row, value: typed(row.value, old.find((each) => each.id === row.id)?.value) }));
  return {
    ...before,
    provider: drawn.draft.provider,
    provider_version: drawn.draft.provider_version,
    channel: drawn.draft.channel,
    request: {
      ...request,
      stage_params: before.request.stage_params,
      headers: byId(request.headers, before.request.headers),
      // A field that became a row of one's own takes its typed secret along.
      params: byId(request.params, before.request.params).map((row) =>
        row.in === "nowhere" ? { ...row, value: typed(row.value, was.get(row.name)) } : row,
      ),
      auth: {
        ...request.auth,
        key_value: typed(request.auth.key_value, before.request.auth.key_value),
        token: typed(request.auth.token, before.request.auth.token),
        password: typed(request.auth.password, before.request.auth.password),
        client_secret: typed(request.auth.client_secret, before.request.auth.client_secret),
      },
      fixed: request.fixed.map((field) => {
        if (chosen || field.name.includes(".")) return field;
        const now = was.get(field.name) ?? remembered.get(field.name);
        return now ? { ...field, value: now } : field;
      }),
    },
  };
}

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
    if (at.value.plain) return;
    setDraft((before) => {
      const { stage_params, fixed } = before.request;
      const row = stage_params.find((each) => each.field === found.name);
      const taken = [...stage_params.map((each) => each.variable), ...fixed.map((each) => each.name)];
      const variable = row?.variable || variableName(found.name, taken);
      return {
        ...before,
        request: {
          ...before.request,
          stage_params: row ? stage_params : [...stage_params, newStageParam(variable, found.name)],
          fixed: fixed.map((field) =>
            field.name === recipient.id && !field.value.plain
              ? { ...field, value: { ...field.value, plain: `{{${variable}}}` } }
              : field,
          ),
        },
      };
    });
  }, [form, draft.provider, draft.place_id, draft.stage_id, draft.request.fixed, fields, setDraft]);
}
