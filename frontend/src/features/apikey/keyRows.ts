import type { InfiniteData } from "@tanstack/react-query";
import type { Key, KeyPage } from "./types";

/** A key with its requests of the last 30 days, the oldest day first. */
export interface KeyRow extends Key {
  recent: number[];
}

/** The rows of the pages read so far; Go sends the recent requests beside the keys. */
export function keyRows(data: InfiniteData<KeyPage> | undefined): KeyRow[] {
  return data?.pages.flatMap(({ rows, recent }) => rows.map((row, at) => ({ ...row, recent: recent[at] ?? [] }))) ?? [];
}
