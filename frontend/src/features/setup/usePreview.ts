import { useEffect, useState } from "react";
import { type model, setup } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, type Plain } from "../../bridge/query";
import type { Draft, Source } from "./draft";

export type PreviewOutput = Plain<model.setup.PreviewOutput>;

/** How long after the last key the request is rendered again, in milliseconds. */
const previewAfterMs = 150;

export interface PreviewState {
  /** The last one that arrived; it stays visible until the next one is there. */
  answer: PreviewOutput | null;
  fault: Fault | null;
}

/** The request that the draft would send, live. It is not cached as a query, since a draft can contain typed secrets. */
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
