import { IconAlertTriangle } from "@tabler/icons-react";
import { useSession } from "../bridge/session";
import styles from "./Frame.module.css";

/** The banner of an office whose data is damaged: it is on every screen, since nothing can be saved on any. */
export function ReadingBanner() {
  const { reading_only } = useSession();
  if (!reading_only) return null;
  return (
    <div className={styles.reading} role="note">
      <IconAlertTriangle className={styles.readingIcon} size={18} aria-hidden />
      <span>
        The data file is damaged and open for reading only: nothing can be saved or sent. Copy what you need, then close
        Keydesk, start it again and restore a copy.
      </span>
    </div>
  );
}
