import { Anchor } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { organisation } from "../bridge/api";
import { useCan } from "../bridge/can";
import styles from "./Frame.module.css";
import { useRunning } from "./useRunning";

/** The banner while an Org Admin has paused all sending by other systems. */
export function PausedBanner() {
  const running = useRunning();
  const mayGoOn = useCan(organisation.Pause);
  if (!running?.paused) return null;
  return (
    <div className={styles.reading} role="note">
      <IconPlayerPause className={styles.readingIcon} size={18} aria-hidden />
      <span>Sending is paused: what other systems ask for is refused. People can still send here.</span>
      {mayGoOn ? (
        <Anchor href="#/settings/local-api" inherit>
          Go on sending
        </Anchor>
      ) : (
        <span style={{ flex: "none" }}>An Org Admin can go on.</span>
      )}
    </div>
  );
}
