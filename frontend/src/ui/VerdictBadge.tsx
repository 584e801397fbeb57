import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClockPause,
  IconMinus,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./VerdictBadge.module.css";

/** How each result is shown. A colour always has a word and an icon of a different shape with it. */
const looks = {
  accepted: { word: "Accepted", tone: styles.good, Icon: IconCircleCheck },
  refused: { word: "Refused", tone: styles.bad, Icon: IconCircleX },
  failed: { word: "Failed", tone: styles.bad, Icon: IconPlugConnectedX },
  throttled: { word: "Throttled", tone: styles.doubt, Icon: IconClockPause },
  unclear: { word: "Unclear", tone: styles.doubt, Icon: IconAlertTriangle },
  never: { word: "Never", tone: styles.off, Icon: IconMinus },
} as const;

type ShownVerdict = keyof typeof looks;

interface VerdictBadgeProps {
  /** Anything else, and the empty string, is "Never": not tested yet. */
  verdict: string;
  /** Follows the word, such as "2 h". */
  suffix?: ReactNode;
}

export function VerdictBadge({ verdict, suffix }: VerdictBadgeProps) {
  const look = verdict in looks ? looks[verdict as ShownVerdict] : looks.never;
  return (
    <span className={`${styles.badge} ${look.tone}`}>
      <look.Icon size={16} stroke={2} aria-hidden />
      <span>{look.word}</span>
      {suffix && <span className={styles.suffix}>{suffix}</span>}
    </span>
  );
}
