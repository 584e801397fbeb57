import type * as model from "../../wailsjs/go/models";

/** A generated class as plain data: without its methods, all the way down; an enum's member is its text. */
export type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends string
    ? `${T}`
    : T extends object
      ? { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: Plain<T[K]> }
      : T;

/** A right that a role can hold, as `setup.create`. */
export type Permission = Plain<model.access.Permission>;

/** Who may do an operation. One that names no permission is for anybody signed in, or for anybody where it is public. */
export interface Guarded {
  /** All of these are needed. */
  readonly needs?: readonly Permission[];
  /** One of these is enough. */
  readonly any?: readonly Permission[];
  /** Needs no session. */
  readonly public?: true;
  /** Go asks for the password again when it was last entered more than 5 minutes ago. */
  readonly fresh?: true;
}

/** What Go declares of an operation, and its bound method. `In` is unknown where it takes nothing. */
export interface Operation<In, Out> extends Guarded {
  /** `feature.verb`; its first word is the cache's scope. */
  readonly name: string;
  /** Only `long` has no time limit on the page. */
  readonly mode: "read" | "write" | "long";
  readonly call: (input: In) => Promise<Out>;
}

/** What the generated table holds. */
export type Declared = Operation<never, unknown>;

/** What a screen gives an operation: its input as plain data, or undefined where it takes none. */
export type Input<In> = unknown extends In ? undefined : Plain<In>;
