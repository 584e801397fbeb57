import { Button, Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import styles from "./Call.module.css";

interface FiringSignProps {
  /** performance.now() when it began. */
  since: number;
  cancelling: boolean;
  onCancel: () => void;
  what?: string;
}

/** Says that something is being sent and for how long, and can stop it. */
export function FiringSign({ since, cancelling, onCancel, what = "Waiting for the answer" }: FiringSignProps) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={styles.firing}>
      <Loader size="xs" aria-hidden />
      <span role="status">{cancelling ? "Cancelling …" : `${what} …`}</span>
      <span role="timer" aria-label="Time so far" className={styles.elapsed}>
        {(Math.max(0, now - since) / 1000).toFixed(1)} s
      </span>
      <Button size="xs" variant="default" disabled={cancelling} onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
