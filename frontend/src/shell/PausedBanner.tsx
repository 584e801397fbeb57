import { Button } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import styles from "./Frame.module.css";
import { usePause } from "./usePause";
import { useRunning } from "./useRunning";

/** The banner while an Org Admin has paused all sending by other systems. */
export function PausedBanner() {
  const running = useRunning();
  const sending = usePause();
  if (!running?.paused) return null;
  return (
    <div className={styles.reading} role="note">
      <IconPlayerPause className={styles.readingIcon} size={18} aria-hidden />
      <span>
        Sending is paused: what other systems want to send is refused. People can still send here.
        {!sending && " An Org Admin can go on."}
      </span>
      {sending && (
        <Button size="compact-sm" variant="default" loading={sending.busy} onClick={sending.goOn}>
          Go on sending
        </Button>
      )}
    </div>
  );
}
