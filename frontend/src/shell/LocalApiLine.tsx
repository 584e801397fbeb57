import { Anchor, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnected } from "@tabler/icons-react";
import { organisation } from "../bridge/api";
import { useCan } from "../bridge/can";
import { useNarrow } from "../ui/textSize";
import styles from "./Frame.module.css";
import { useRunning } from "./useRunning";

/** "Local API on, port 7373" at the bottom of the navigation, or why it does not listen. Nothing while it is off. */
export function LocalApiLine() {
  const running = useRunning();
  const maySee = useCan(organisation.LocalAPI);
  const narrow = useNarrow();
  if (!running || (!running.local_api && !running.problem)) return null;
  const text = running.problem || `Local API on, port ${running.port}`;
  const Icon = running.problem ? IconAlertTriangle : IconPlugConnected;
  // The rail has room for a word or a number, and its tool tip has the rest.
  const shown = narrow ? (
    <>
      <span className="visually-hidden">{text}</span>
      <span aria-hidden>{running.problem ? "Local API" : running.port}</span>
    </>
  ) : (
    text
  );
  return (
    <Tooltip label={text} disabled={!narrow} position="right" multiline maw={280}>
      <div className={styles.running} role="status" data-problem={running.problem ? true : undefined}>
        <Icon className={styles.runningIcon} size={14} aria-hidden />
        {maySee ? (
          <Anchor href="#/settings/local-api" inherit underline="hover">
            {shown}
          </Anchor>
        ) : (
          <span>{shown}</span>
        )}
      </div>
    </Tooltip>
  );
}
