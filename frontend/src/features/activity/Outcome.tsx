import { IconBan } from "@tabler/icons-react";
import styles from "./Activity.module.css";
import type { Entry } from "./types";

/** "Done", or "Refused, 12 times" with an icon. */
export function Outcome({ entry }: { entry: Entry }) {
  if (entry.outcome !== "refused") return <span className={styles.done}>Done</span>;
  return (
    <span className={styles.refused}>
      <IconBan size={16} aria-hidden />
      {entry.count > 1 ? `Refused, ${entry.count.toLocaleString("en-US")} times` : "Refused"}
    </span>
  );
}
