import type * as model from "../../wailsjs/go/models";

/** A generated class as plain data: without methods at any depth, and with strings for enum members. */
export type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends string
    ? `${T}`
    : T extends object
      ? { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: Plain<T[K]> }
      : T;

/** A permission that a role can hold, such as `setup.create`. */
export type Permission = Plain<model.access.Permission>;

/** Who may run an operation. Without permissions, anybody who is signed in may, or anybody at all if it is public. */
export interface Guarded {
  /** All of these are needed. */
  readonly needs?: readonly Permission[];
  /** One of these is enough. */
  readonly any?: readonly Permission[];
  /** Only an Org Admin may run it. */
  readonly orgAdmin?: true;
  /** Needs no session. */
  readonly public?: true;
  /** Go asks for the password again if it was entered more than 5 minutes ago. */
  readonly fresh?: true;
}

/** An operation as Go declares it, and its bound method. `In` is unknown where it takes nothing. */
export interface Operation<In, Out> extends Guarded {
  /** `feature.verb`; the feature is the cache's scope. */
  readonly name: string;
  /** The page has no time limit for `long`. */
  readonly mode: "read" | "write" | "long";
  readonly call: (input: In) => Promise<Out>;
}

/** The type of every operation in the generated table. */
export type Declared = Operation<never, unknown>;

/** The input that a screen passes to an operation: plain data, or undefined where it takes none. */
export type Input<In> = unknown extends In ? undefined : Plain<In>;
