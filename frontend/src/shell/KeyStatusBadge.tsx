import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClockExclamation,
  IconClockX,
  IconPlayerPause,
} from "@tabler/icons-react";
import styles from "./KeyStatusBadge.module.css";

/** The statuses of API keys that a list can be filtered by, in the order of a key's life. */
export const keyStatusLabels: Record<string, string> = {
  active: "Active",
  expiring: "Expiring",
  expired: "Expired",
  disabled: "Disabled",
  revoked: "Revoked",
};

/** How each is shown: a word, a colour, and an icon of its own shape. */
const looks: Record<string, { tone?: string; Icon: typeof IconBan; word?: string }> = {
  active: { tone: styles.good, Icon: IconCircleCheck },
  expiring: { tone: styles.doubt, Icon: IconClockExclamation },
  expired: { tone: styles.bad, Icon: IconClockX },
  disabled: { tone: styles.off, Icon: IconPlayerPause },
  revoked: { tone: styles.bad, Icon: IconBan },
  deleted: { tone: styles.off, Icon: IconBan, word: "Deleted" },
};

const damaged = { tone: styles.bad, Icon: IconAlertTriangle, word: "Damaged" };

/** The status of an API key; one that is not known is damaged. */
export function KeyStatusBadge({ status }: { status: string }) {
  const { tone, Icon, word } = looks[status] ?? damaged;
  return (
    <span className={`${styles.status} ${tone}`}>
      <Icon size={16} stroke={2} aria-hidden />
      {word ?? keyStatusLabels[status]}
    </span>
  );
}
