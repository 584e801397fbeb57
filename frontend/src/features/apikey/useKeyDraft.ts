import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { apikey } from "../../bridge/api";
import type { Fault } from "../../bridge/fault";
import { read } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { errorsOf, inputOf, type KeyDraft, newDraft, problemsOf, scopesFor } from "./keyDraft";

/** By what names Go speaks of the parts of the draft. */
const errorNames: Record<keyof KeyDraft, string[]> = {
  title: ["title"],
  term: ["expires"],
  scopes: ["grants.scopes"],
  full: ["grants.scopes"],
  limited: ["grants.places", "grants.channels"],
  places: ["grants.places"],
  channels: ["grants.channels", "grants.places"],
  livePerDay: ["grants.live_per_day"],
  sources: ["grants.sources"],
  perMinute: ["grants.per_minute"],
};

/** The draft of a key, from the scopes that the person may give. */
export function useKeyDraft() {
  const { permissions } = useSession();
  const list = useQuery(read(apikey.Scopes, undefined));
  const scopes = scopesFor(list.data ?? [], permissions);
  const [typed, setTyped] = useState<Partial<KeyDraft>>({});
  const [problems, setProblems] = useState<Record<string, string>>({});
  // Fields that were changed since the key was last sent: what was said about them no longer counts.
  const [changed, setChanged] = useState<string[]>([]);
  // Sent twice, it makes one key.
  const [requestId] = useState(() => crypto.randomUUID());

  const draft = { ...newDraft(scopes), ...typed };
  return {
    scopes,
    /** The scopes are read; until then nothing can be made. */
    ready: list.data !== undefined,
    trouble: list.error,
    retry: () => void list.refetch(),
    draft,
    dirty: Object.keys(typed).length > 0,
    change: (part: Partial<KeyDraft>) => {
      setTyped((now) => ({ ...now, ...part }));
      setChanged((now) => [...now, ...Object.keys(part).flatMap((name) => errorNames[name as keyof KeyDraft])]);
    },
    /** What is sent, or null where something is missing that only the page knows. */
    input: () => {
      const missing = problemsOf(draft);
      setProblems(missing);
      setChanged([]);
      return Object.keys(missing).length > 0 ? null : inputOf(draft, requestId);
    },
    /** The messages at the fields: the page's own, else those of the refusal. */
    errorsWith: (fault: Fault | null): Record<string, string> => {
      const all = Object.entries({ ...errorsOf(fault), ...problems });
      return Object.fromEntries(all.filter(([name]) => !changed.includes(name)));
    },
  };
}
