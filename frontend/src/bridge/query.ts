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
 * The name, the mode and who may are Go's own, from the generated table. The first word of the name is the cache's
 * scope: a successful write of `setup.*`, or the window's hint that a `setup` changed, makes every read of `setup.*`
 * look again; `watches` names other scopes a read depends on, `refreshes` those a write changes instead of its own.
 * Every rejection is a Fault. Nothing is retried by itself: Go is here, so a failure is an answer. Calls end after
 * 30 s, but for operations of mode Long, which have a cancel of their own.
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
  /** Other scopes whose change makes this read look again. */
  watches?: string[];
  /** Not read while false. */
  enabled?: boolean;
  /** Keep showing the last answer while another input is read, so that a list does not blink as one types. */
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
            hint: "Try again. If it happens again, close Keydesk and open it.",
          }),
        ),
      limitMs,
    );
    call.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** One call outside the cache, with its time limit and with faults. */
export async function ask<In, Out>({ call, mode }: Operation<In, Out>, input: NoInfer<Input<In>>): Promise<Plain<Out>> {
  try {
    // A bound method that is not there throws instead of rejecting; here both become faults.
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
  /** What to change in the input for the page after this one; null after the last. By default `next` goes to `after`. */
  turn?: (page: Plain<Out>) => Partial<Plain<In>> | null;
}

/** A list read page by page, for useInfiniteQuery. The last answer stays in sight while another search is read. */
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

/** The rows of the pages read so far. Take it inside useMemo: the table wants the same array while nothing changed. */
export function rowsOf<Row>(data: InfiniteData<{ rows: Row[] }> | undefined): Row[] {
  return data?.pages.flatMap((page) => page.rows) ?? [];
}

export interface WriteOptions {
  /**
   * The scopes whose reads look again once it is done. By default the operation's own, or none where it only reads.
   */
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

/** Makes every read of the scope, or that watches it, look again. `*` means all of them. */
export function invalidate(client: QueryClient, scope: string): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey, meta }) => {
      const watches = Array.isArray(meta?.watches) ? meta.watches : [];
      return scope === "*" || queryKey[0] === scope || watches.includes(scope);
    },
  });
}

/** The scope that says who is signed in and whether the window is locked. */
export const sessionScope = "session";

export function makeClient(): QueryClient {
  // A refusal because there is no session means that the window's picture of it is old.
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
        // Not waited for: the write is done, and a slow list must not hold back the next step.
        for (const scope of Array.isArray(scopes) ? scopes : []) void invalidate(client, scope);
      },
    }),
    defaultOptions: {
      // Go is in the same program: being offline has nothing to do with it.
      queries: { networkMode: "always", retry: false, staleTime: 5_000, refetchOnWindowFocus: false },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}
