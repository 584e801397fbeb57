import { relativeText } from "../../ui";
import type { AccessRow, Key } from "./types";

/** How often the page looks at the use of keys again: nothing tells it when other systems call. In milliseconds. */
export const usageEveryMs = 5_000;

export const outcomeLabels: Record<string, string> = {
  accepted: "Accepted",
  refused: "Refused",
  limited: "Over the limit",
  failed: "Failed",
};

/**
 * The last moment at which the key works. At `expires_ms` it is expired already: a key until 27 November ends at
 * midnight, which a clock writes as 28 November.
 */
export function lastMoment(expiresMs: number): Date {
  return new Date(expiresMs - 1);
}

/** Whether anything of the key can still be changed. */
export function isLive(key: Key): boolean {
  return key.revoked_ms === 0 && key.deleted_ms === 0 && !key.damaged;
}

/** "It was last used 2 hours ago." */
export function lastUseText(key: Key): string {
  return key.last_used_ms > 0
    ? `It was last used ${relativeText(new Date(key.last_used_ms), new Date())}.`
    : "It was never used.";
}

/** Why a key is in the list of those to review. */
export function reviewText(key: Key, days: number, nowMs: number): string {
  const since = key.last_used_ms || key.created_ms;
  const unusedDays = Math.floor((nowMs - since) / 86_400_000);
  return [
    key.expires_ms === 0 ? "Never expires" : "",
    key.full_access ? "Full access" : "",
    unusedDays >= days ? (key.last_used_ms ? `Unused for ${unusedDays} days` : `Never used in ${unusedDays} days`) : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** Why a request was refused, for the office's own log. The caller outside is not told all of it. */
export const codeTexts: Record<string, string> = {
  "apikey.expired": "the key has expired",
  "apikey.revoked": "the key is revoked",
  "apikey.disabled": "the key is disabled",
  "apikey.source": "not allowed from this address",
  "apikey.unknown": "not a key of this office",
  "localapi.no_key": "no key",
  "localapi.key_malformed": "its header cannot be read",
  "localapi.two_credentials": "two keys at once",
  "localapi.key_in_url": "a key in the address",
  "localapi.throttled": "too many without a good key",
  "localapi.origin": "from a web page",
  "localapi.preflight": "from a web page",
  "localapi.unknown_host": "under an unknown name",
  "access.scope": "its scopes do not allow it",
  "call.out_of_reach": "it may not send there",
  "call.no_setup": "no setup applies there",
  "call.daily_limit": "the setup has sent all it may today",
  "call.key_daily_limit": "the key has sent all it may today",
  "call.key_running": "the same message is being sent",
  "call.key_reused": "its idempotency key was used for another message",
  "organisation.paused": "sending is paused",
  "call.fields": "stage fields are missing or wrong",
  "call.not_found": "there is no such call",
  "setup.not_found": "there is no such setup",
  "process.unknown_place": "there is no such process",
  "process.unknown_stage": "there is no such stage",
  "localapi.not_found": "there is no such route",
  "localapi.method": "the route does not take this method",
  "localapi.target": "its target is not a path",
  "localapi.duplicate_header": "a header is there twice",
  "localapi.media_type": "the body is not sent as JSON",
  "localapi.body_too_large": "the body is too large",
  "localapi.body_unread": "the body did not arrive whole",
  "localapi.too_deep": "the body is nested too deep",
  "localapi.query": "the query does not fit",
  "localapi.idempotency_key": "its idempotency key cannot be read",
  "localapi.rate_limited": "its requests of this minute are used up",
  "localapi.busy": "too many connections",
  "localapi.broken_json": "the body is not valid JSON",
  "localapi.body": "the body does not fit",
};

/** What became of a request: "Accepted (200)", "Refused: its scopes do not allow it". */
export function accessText({ status, code }: AccessRow): string {
  const word =
    status === 429
      ? outcomeLabels.limited
      : status >= 500
        ? outcomeLabels.failed
        : status >= 400
          ? outcomeLabels.refused
          : outcomeLabels.accepted;
  return codeTexts[code] ? `${word}: ${codeTexts[code]}` : `${word} (${status})`;
}

/** The time of a request: a log is read to the second. */
export function logTime(atMs: number): string {
  return new Date(atMs).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
