import { IconAlertTriangle, IconBan, IconUnlink } from "@tabler/icons-react";
import styles from "./Activity.module.css";
import type { Entry } from "./types";
import { isBreak } from "./words";

/** "Done", or with an icon "Refused, 12 times", "Break" or "Damaged": then nothing that the entry says is certain. */
export function Outcome({ entry }: { entry: Entry }) {
  if (entry.damaged) {
    return (
      <span className={styles.refused} title={entry.damaged}>
        <IconAlertTriangle size={16} aria-hidden />
        Damaged
      </span>
    );
  }
  if (isBreak(entry)) {
    return (
      <span className={styles.refused}>
        <IconUnlink size={16} aria-hidden />
        Break
      </span>
    );
  }
  if (entry.outcome !== "refused") return <span className={styles.done}>Done</span>;
  return (
    <span className={styles.refused}>
      <IconBan size={16} aria-hidden />
      {entry.count > 1 ? `Refused, ${entry.count.toLocaleString("en-US")} times` : "Refused"}
    </span>
  );
}
