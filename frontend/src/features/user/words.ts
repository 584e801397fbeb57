import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type User = Plain<model.user.User>;
export type Role = Plain<model.user.Role>;
export type Permission = Plain<model.access.PermissionInfo>;

/** "1 user", "7 users". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** The user's name in a sentence: the full name, or the user name where there is none. */
export function calledOf(user: User): string {
  return user.full_name || user.name;
}
