import type { Role } from "./words";

/** The ticked permissions of each role whose ticks differ from what is saved. */
export type Drafts = ReadonlyMap<string, ReadonlySet<string>>;

export function ticksOf(role: Role, drafts: Drafts): ReadonlySet<string> {
  return drafts.get(role.id) ?? new Set<string>(role.permissions);
}

/** The drafts after one tick was changed; a role whose ticks are as saved has no draft. */
export function turned(drafts: Drafts, role: Role, permission: string): Drafts {
  const ticks = new Set(ticksOf(role, drafts));
  if (!ticks.delete(permission)) ticks.add(permission);
  const same = ticks.size === role.permissions.length && role.permissions.every((each) => ticks.has(each));
  const after = new Map(drafts);
  if (same) after.delete(role.id);
  else after.set(role.id, ticks);
  return after;
}

export function without(drafts: Drafts, roleId: string): Drafts {
  const after = new Map(drafts);
  after.delete(roleId);
  return after;
}
