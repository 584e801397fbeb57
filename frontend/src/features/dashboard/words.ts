import type { Series } from "../../ui";
import type { Day } from "./types";

/** The verdicts from the bottom of the bars up; each has a pattern that no other has. */
export const verdictSeries: Series[] = [
  { id: "accepted", label: "Accepted", tone: "good", pattern: "solid" },
  { id: "unclear", label: "Unclear", tone: "doubt", pattern: "lines" },
  { id: "throttled", label: "Throttled", tone: "doubt", pattern: "dots" },
  { id: "refused", label: "Refused", tone: "bad", pattern: "stripes" },
  { id: "failed", label: "Failed", tone: "bad", pattern: "grid" },
];

export function sumOf({ accepted, unclear, throttled, refused, failed }: Day["live"]): number {
  return accepted + unclear + throttled + refused + failed;
}

/** "and 4 more expired keys", and where they are listed. What there is once has no more. */
export const moreWords: Record<string, { one: string; many: string; href: string }> = {
  key_damaged: { one: "damaged key", many: "damaged keys", href: "#/keys" },
  key_expired: { one: "expired key", many: "expired keys", href: "#/keys?status=expired" },
  key_expiring: {
    one: "key that expires soon",
    many: "keys that expire soon",
    href: "#/keys?status=expiring&sort=expires",
  },
  setup_unreadable: {
    one: "setup with an unreadable secret",
    many: "setups with an unreadable secret",
    href: "#/setups",
  },
  setup_failing: { one: "failing setup", many: "failing setups", href: "#/setups?result=failing" },
};
