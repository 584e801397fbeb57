import { Button } from "@mantine/core";
import { window as frame } from "../bridge/api";
import { ask } from "../bridge/query";
import { useSession } from "../bridge/session";
import styles from "./Frame.module.css";

/** The banner of the demo office. Its button closes the demo office's window. */
export function DemoBanner() {
  const { demo_users } = useSession();
  if (demo_users.length === 0) return null;
  return (
    <div className={styles.demo} role="note">
      <span>This is the demo office. Nothing in it is real, and it is deleted when you leave.</span>
      <Button
        size="xs"
        variant="default"
        flex="none"
        onClick={() => void ask(frame.CloseDemo, undefined).catch(() => {})}
      >
        Back to my office
      </Button>
    </div>
  );
}
