import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClockExclamation,
  IconClockX,
  IconPlayerPause,
} from "@tabler/icons-react";
import styles from "./ApiKey.module.css";
import type { Key } from "./types";
import { statusLabels } from "./words";

/** How each status is shown: a word, a colour, and an icon of its own shape. */
const looks: Record<string, { tone?: string; Icon: typeof IconBan }> = {
  active: { tone: styles.good, Icon: IconCircleCheck },
  expiring: { tone: styles.doubt, Icon: IconClockExclamation },
  expired: { tone: styles.bad, Icon: IconClockX },
  disabled: { tone: styles.off, Icon: IconPlayerPause },
  revoked: { tone: styles.bad, Icon: IconBan },
};

const damaged = { tone: styles.bad, Icon: IconAlertTriangle };
const deleted = { tone: styles.off, Icon: IconBan };

export function KeyStatus({ apiKey }: { apiKey: Key }) {
  const look = apiKey.damaged ? damaged : apiKey.deleted_ms > 0 ? deleted : (looks[apiKey.status] ?? damaged);
  const word = apiKey.damaged ? "Damaged" : apiKey.deleted_ms > 0 ? "Deleted" : statusLabels[apiKey.status];
  return (
    <span className={`${styles.status} ${look.tone}`}>
      <look.Icon size={16} stroke={2} aria-hidden />
      {word}
    </span>
  );
}
