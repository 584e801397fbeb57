import { useEffect, useState } from "react";
import { type model, setup } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, type Plain } from "../../bridge/query";
import type { Draft, Source } from "./draft";

export type PreviewOutput = Plain<model.setup.PreviewOutput>;

/** How long after the last key the request is drawn anew, in milliseconds. */
const previewAfterMs = 150;

export interface PreviewState {
  /** The last one that arrived; it stays in sight while the next is drawn. */
  answer: PreviewOutput | null;
  fault: Fault | null;
}

/** The request as the draft would go out, live. Not kept in the cache of queries: a draft can hold typed secrets. */
export function usePreview(draft: Draft, source: Source): PreviewState {
  const [state, setState] = useState<PreviewState>({ answer: null, fault: null });
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      ask(setup.Preview, { draft, source, record: {} }).then(
        (answer) => current && setState({ answer, fault: null }),
        (cause) => current && setState((before) => ({ ...before, fault: faultOf(cause) })),
      );
    }, previewAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [draft, source]);
  return state;
}
