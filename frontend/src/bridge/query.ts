/**
 * Calls to Go through the query cache. A feature screen uses them like this:
 *
 *     // features/setup/SetupList.tsx
 *     import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
 *     import { faultOf, fieldErrors } from "../../bridge/fault";
 *     import { setup } from "../../bridge/api";
 *     import { pages, read, rowsOf, write } from "../../bridge/query";
 *
 *     const one  = useQuery(read(setup.Get, { id }));
 *     const list = useInfiniteQuery(pages(setup.List, filters, { watches: ["process"] }));
 *     const save = useMutation(write(setup.Create));
 *     save.mutate(input, { onError: (cause) => form.setErrors(fieldErrors(faultOf(cause))) });
 *
 * The name, the mode and the permissions come from Go, through the generated table. The first word of the name is the
 * cache's scope: a successful write of `setup.*`, or the window's hint that a `setup` changed, invalidates every read
 * of `setup.*`. `watches` names other scopes that a read depends on, and `refreshes` those that a write changes instead
 * of its own. Every rejection is a Fault. Nothing is retried: Go is in the same program, so a failure is an answer.
 * Calls end after 30 s, except operations of mode Long, which the person can cancel.
 */
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  queryOptions,
  type UseMutationOptions,
} from "@tanstack/react-query";
import { Fault, faultOf } from "./fault";
import type { Input, Operation, Plain } from "./operation";

export type { Input, Operation, Plain };

interface ReadOptions {
  /** Other scopes whose changes invalidate this read. */
  watches?: string[];
  /** Nothing is read while this is false. */
  enabled?: boolean;
  /** Keeps the last answer while another input is read, so that a list does not flicker while a person types. */
  keep?: boolean;
}

/** The page's time limit on a call, in milliseconds. */
export const callLimitMs = 30_000;

/** Rejects with an `unavailable` fault when the call takes longer than limitMs. */
export function within<Out>(limitMs: number, call: Promise<Out>): Promise<Out> {
  return new Promise<Out>((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new Fault({
            kind: "unavailable",
            code: "page.time_out",
            message: `Keydesk did not answer within ${limitMs / 1000} seconds.`,
            hint: "Try again. If it happens again, close Keydesk and open it again.",
          }),
        ),
      limitMs,
    );
    call.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Makes one call outside the cache, with its time limit. It rejects with a Fault. */
export async function ask<In, Out>({ call, mode }: Operation<In, Out>, input: NoInfer<Input<In>>): Promise<Plain<Out>> {
  try {
    // A missing bound method throws and does not reject; both become faults here.
    const answer = Promise.resolve().then(() => call(input as In)) as Promise<Plain<Out>>;
    return await (mode === "long" ? answer : within(callLimitMs, answer));
  } catch (cause) {
    throw faultOf(cause);
  }
}

/** `setup.list` gives `["setup", "list"]`. */
function keyOf({ name }: { name: string }): string[] {
  return name.split(".");
}

export function read<In, Out>(operation: Operation<In, Out>, input: NoInfer<Input<In>>, options: ReadOptions = {}) {
  return queryOptions<Plain<Out>, Fault>({
    queryKey: [...keyOf(operation), input],
    queryFn: () => ask(operation, input),
    meta: { watches: options.watches ?? [] },
    enabled: options.enabled ?? true,
    placeholderData: options.keep ? keepPreviousData : undefined,
  });
}

interface PagesOptions<In, Out> extends ReadOptions {
  /** The change of the input for the next page; null after the last. By default `next` becomes `after`. */
  turn?: (page: Plain<Out>) => Partial<Plain<In>> | null;
}

/** A list that is read page by page, for useInfiniteQuery. The last answer stays visible while another is read. */
export function pages<In, Out>(
  operation: Operation<In, Out>,
  input: NoInfer<Input<In>>,
  options: PagesOptions<In, Out> = {},
) {
  const turn = options.turn ?? (turnByNext as (page: Plain<Out>) => Partial<Plain<In>> | null);
  return infiniteQueryOptions<Plain<Out>, Fault, InfiniteData<Plain<Out>>, unknown[], Partial<Plain<In>>>({
    queryKey: [...keyOf(operation), "pages", input],
    queryFn: ({ pageParam }) => ask(operation, { ...(input as object), ...(pageParam as object) } as Input<In>),
    initialPageParam: {},
    getNextPageParam: (last) => turn(last) ?? undefined,
    meta: { watches: options.watches ?? [] },
    enabled: options.enabled ?? true,
    placeholderData: options.keep === false ? undefined : keepPreviousData,
  });
}

function turnByNext(page: unknown): { after: string } | null {
  const next = typeof page === "object" && page !== null && "next" in page ? page.next : "";
  return typeof next === "string" && next ? { after: next } : null;
}

/** The rows of the pages read so far. Call it in useMemo: the table needs the same array while nothing has changed. */
export function rowsOf<Row>(data: InfiniteData<{ rows: Row[] }> | undefined): Row[] {
  return data?.pages.flatMap((page) => page.rows) ?? [];
}

export interface WriteOptions {
  /** The scopes that are invalidated after success. By default the operation's own, or none where it only reads. */
  refreshes?: string[];
}

export function write<In, Out>(
  operation: Operation<In, Out>,
  options: WriteOptions = {},
): UseMutationOptions<Plain<Out>, Fault, NoInfer<Input<In>>> {
  const own = operation.mode === "read" ? [] : keyOf(operation).slice(0, 1);
  return {
    mutationKey: keyOf(operation),
    mutationFn: (input) => ask(operation, input),
    meta: { refreshes: options.refreshes ?? own },
  };
}

/** Invalidates every read that belongs to the scope or watches it. `*` means all reads. */
export function invalidate(client: QueryClient, scope: string): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey, meta }) => {
      const watches = Array.isArray(meta?.watches) ? meta.watches : [];
      return scope === "*" || queryKey[0] === scope || watches.includes(scope);
    },
  });
}

/** The scope of the session: who is signed in, and whether the window is locked. */
export const sessionScope = "session";

export function makeClient(): QueryClient {
  // A refusal because there is no session means that the page's session is out of date.
  const noticeLock = (cause: unknown) => {
    if (faultOf(cause).kind === "unauthenticated") void invalidate(client, sessionScope);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (cause, query) => {
        if (query.queryKey[0] !== sessionScope) noticeLock(cause);
      },
    }),
    mutationCache: new MutationCache({
      onError: noticeLock,
      onSuccess: (_data, _input, _result, mutation) => {
        const scopes = mutation.meta?.refreshes;
        // Not awaited: the write is done, and a slow list must not delay the next step.
        for (const scope of Array.isArray(scopes) ? scopes : []) void invalidate(client, scope);
      },
    }),
    defaultOptions: {
      // Go is in the same program, so calls work offline too.
      queries: { networkMode: "always", retry: false, staleTime: 5_000, refetchOnWindowFocus: false },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}
