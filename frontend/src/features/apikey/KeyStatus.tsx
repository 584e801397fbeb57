import { KeyStatusBadge } from "../../shell/KeyStatusBadge";
import type { Key } from "./types";

export function KeyStatus({ apiKey }: { apiKey: Key }) {
  return <KeyStatusBadge status={apiKey.damaged ? "damaged" : apiKey.deleted_ms > 0 ? "deleted" : apiKey.status} />;
}
