import { notifications } from "@mantine/notifications";
import type { UseMutationResult } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type Fault, fieldErrors } from "../../bridge/fault";
import { wasGivenUp } from "../../shell/password";
import { useHotkey, useUnsaved, withTyped } from "../../ui";

/** Settings that are saved together, as the form shows them, with the version that was read. */
export interface Document<Value> {
  value: Value;
  version: number;
}

interface Options<Value, In, Out> {
  stored: Document<Value>;
  reRead: () => Promise<Document<Value> | undefined>;
  saving: UseMutationResult<Out, Fault, In>;
  inputOf: (document: Document<Value>) => In;
  documentOf: (answer: Out) => Document<Value>;
  /** What the question before leaving calls it. */
  what: string;
  /** Asks before something is saved; false keeps the form as it is. */
  maySave?: (before: Value, next: Value) => Promise<boolean>;
}

/**
 * The state of a form for settings that are one document. What was typed is never lost: not by a refusal, a late
 * answer, a cancelled question for the password, or a version that somebody else saved meanwhile. `reload` takes over
 * what the other person changed and keeps what was typed here.
 */
export function useDocumentForm<Value extends object, In, Out>(options: Options<Value, In, Out>) {
  const { stored, saving, inputOf, documentOf, what } = options;
  const [base, setBase] = useState(stored);
  const [value, setValue] = useState(stored.value);
  const sent = useRef(stored.value);
  const asking = useRef(false);

  const isSame = (left: Value, right: Value) =>
    JSON.stringify(inputOf({ value: left, version: 0 })) === JSON.stringify(inputOf({ value: right, version: 0 }));
  const dirty = !isSame(value, base.value);
  if (stored.version > base.version && !saving.isPending && !dirty) {
    setBase(stored);
    setValue(stored.value);
  }
  useUnsaved(dirty, what);

  /** Saves `next`; `from` is what the answer takes the place of where nothing was typed since. */
  const send = async (next: Value, from: Value, done: string) => {
    if (saving.isPending || asking.current) return;
    if (options.maySave) {
      asking.current = true;
      const yes = await options.maySave(base.value, next);
      asking.current = false;
      if (!yes) return;
    }
    sent.current = next;
    saving.mutate(inputOf({ value: next, version: base.version }), {
      onSuccess: (answer) => {
        const saved = documentOf(answer);
        setBase(saved);
        setValue((now) => withTyped(from, now, saved.value));
        notifications.show({ message: done });
      },
    });
  };
  const save = () => {
    if (dirty) void send(value, value, "The settings are saved.");
  };
  useHotkey({ save });

  const reload = async () => {
    const fresh = await options.reRead();
    if (!fresh) return;
    saving.reset();
    setBase(fresh);
    setValue((now) => withTyped(base.value, now, fresh.value));
  };

  const fault = wasGivenUp(saving.error) ? null : saving.error;
  const errors = fieldErrors(fault);
  return {
    value,
    /** What is saved. */
    saved: base.value,
    change: (part: Partial<Value>) => setValue((now) => ({ ...now, ...part })),
    /** The message for an input, by the path that Go gives it; none once the input was changed. */
    errorAt: (name: keyof Value, path: string): string | undefined => {
      if (value[name] !== sent.current[name]) return undefined;
      const found = Object.entries(errors).filter(([at]) => at === path || at.startsWith(`${path}.`));
      return found.length > 0 ? found.map(([, message]) => message).join(" ") : undefined;
    },
    /** The messages below a path, by the rest of it; none once the value was changed. */
    errorsUnder: (name: keyof Value, path: string): Record<string, string> =>
      value[name] !== sent.current[name]
        ? {}
        : Object.fromEntries(
            Object.entries(errors).flatMap(([at, message]) =>
              at.startsWith(path) ? [[at.slice(path.length), message]] : [],
            ),
          ),
    fault,
    /** A refusal that belongs to no input. */
    refusal: Object.keys(errors).length === 0 ? fault : null,
    dirty,
    saving: saving.isPending,
    save,
    /** Saves a single part at once and keeps what was typed in the others. */
    saveAt: (part: Partial<Value>, done: string) => void send({ ...base.value, ...part }, base.value, done),
    reload,
  };
}
