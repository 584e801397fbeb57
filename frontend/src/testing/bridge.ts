/**
 * Go as a screen test sees it: answers by `Struct.Method`, in the shape of `window.go.app` and `window.runtime`, so
 * that the whole bridge is the real one. A method without an answer rejects as an unknown one does.
 */
import type { FaultField, FaultKind, FaultLink } from "../bridge/fault";
import type { Permission } from "../bridge/operation";
import { noSession, type Session, type SessionDoor } from "../bridge/session";

type Answer = (input: never) => unknown;

export interface FakeBridge {
  /** The calls, in order. */
  calls: { method: string; input: unknown }[];
  /** The inputs of the calls of one method. */
  inputs: (method: string) => unknown[];
  /** Changes or adds an answer. */
  answer: (method: string, answer: Answer) => void;
  /** Sends a hint, as the window does. */
  emit: (name: string, ...data: unknown[]) => void;
}

/** Puts a fake Go behind the page: `fakeGo({ "Setup.List": (input) => ({ rows: [], next: "" }) })`. */
export function fakeGo(answers: Record<string, Answer> = {}): FakeBridge {
  const known = new Map(Object.entries(answers));
  const calls: FakeBridge["calls"] = [];
  const handlers = new Map<string, Set<(...data: unknown[]) => void>>();

  const struct = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, method) => async (input?: unknown) => {
          const full = `${name}.${String(method)}`;
          calls.push({ method: full, input: structuredClone(input) });
          const answer = known.get(full);
          if (!answer) throw faultLine("internal", "keydesk.internal", `No answer was given for ${full}.`);
          // As over the wire: what JSON cannot express does not arrive.
          const value = await answer(input as never);
          return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
        },
      },
    );

  window.go = { app: new Proxy({}, { get: (_, name) => struct(String(name)) }) };
  window.runtime = {
    EventsOnMultiple: (name: string, handler: (...data: unknown[]) => void) => {
      const heard = handlers.get(name) ?? new Set();
      handlers.set(name, heard.add(handler));
      return () => heard.delete(handler);
    },
  };

  return {
    calls,
    inputs: (method) => calls.filter((call) => call.method === method).map((call) => call.input),
    answer: (method, answer) => void known.set(method, answer),
    emit: (name, ...data) => {
      for (const handler of handlers.get(name) ?? []) handler(...data);
    },
  };
}

/** The line of JSON with which a refused call rejects; throw it from an answer. */
export function faultLine(
  kind: FaultKind,
  code: string,
  message: string,
  more: { hint?: string; fields?: FaultField[]; links?: FaultLink[]; retry_after_ms?: number } = {},
): string {
  return JSON.stringify({ kind, code, message, hint: "", fields: [], links: [], ...more });
}

/** A signed-in person with these rights. */
export function signedIn(permissions: Permission[], more: Partial<Session> = {}): Session {
  return {
    ...noSession,
    state: "ready",
    user: { id: "user-1", name: "Asha Rao", full_name: "Asha Rao", roles: ["Org Admin"], is_org_admin: true },
    organisation: "Demo Office",
    idle_minutes: 15,
    permissions,
    ...more,
  };
}

/** A session door whose answer a test can change. */
export function fakeDoor(session: Session): SessionDoor & { session: Session; touches: number } {
  const door = {
    session,
    touches: 0,
    state: async () => structuredClone(door.session),
    touch: async () => void door.touches++,
    reopen: async () => {},
    restoreCopy: async (_name: string) => {},
    openForReading: async () => {},
    lock: async () => {
      door.session = { ...door.session, state: "locked" };
    },
    signOut: async () => {
      door.session = { ...noSession, state: "signed_out" };
    },
  };
  return door;
}

/** An answer that arrives when the test says so: `fakeGo({ "Setup.Update": late.answer(make) })`, then `late.arrive()`. */
export function lateAnswer() {
  const waiting: (() => void)[] = [];
  return {
    answer:
      <Input, Out>(make: (input: Input) => Out) =>
      async (input: Input) => {
        await new Promise<void>((done) => waiting.push(done));
        return make(input);
      },
    arrive: () => {
      for (const done of waiting.splice(0)) done();
    },
  };
}
