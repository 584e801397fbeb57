import { relativeText } from "../../ui";
import type { Key } from "./types";

export const statusLabels: Record<string, string> = {
  active: "Active",
  expiring: "Expiring",
  expired: "Expired",
  disabled: "Disabled",
  revoked: "Revoked",
};

export const channelLabels: Record<string, string> = {
  sms: "SMS",
  whatsapp_business: "WhatsApp Business",
  email: "Email",
};

export const outcomeLabels: Record<string, string> = {
  accepted: "Accepted",
  refused: "Refused",
  limited: "Too many requests",
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
