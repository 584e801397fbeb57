import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";

export type User = Plain<model.user.User>;
export type Role = Plain<model.user.Role>;
export type Permission = Plain<model.access.PermissionInfo>;

/** "1 user", "7 users". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** How a user is called in a sentence: "Asha Rao", or the user name where no full name is known. */
export function calledOf(user: User): string {
  return user.full_name || user.name;
}
