import { Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense } from "react";
import { BidiSafe } from "./BidiSafe";
import styles from "./State.module.css";

/** What went wrong. A Fault is one. */
export interface Trouble {
  message: string;
  hint?: string;
  /** Technical details, behind one click. */
  details?: string;
}

// Loaded when needed: with its tool tip it is larger than this file, and the first screen has an error state.
const CopyButton = lazy(async () => ({ default: (await import("./CopyButton")).CopyButton }));

interface ErrorStateProps {
  trouble: Trouble;
  onRetry?: () => void;
  /** Other buttons next to Retry. */
  children?: ReactNode;
}

export function ErrorState({ trouble, onRetry, children }: ErrorStateProps) {
  return (
    <div className={styles.state} role="alert">
      <IconAlertCircle className={styles.wrong} size={24} aria-hidden />
      <p className={styles.title}>
        <BidiSafe text={trouble.message} />
      </p>
      {trouble.hint && (
        <p className={styles.text}>
          <BidiSafe text={trouble.hint} />
        </p>
      )}
      <div className={styles.actions}>
        {onRetry && (
          <Button variant="default" onClick={onRetry}>
            Retry
          </Button>
        )}
        {children}
      </div>
      {trouble.details && (
        <details className={styles.details}>
          <summary>Details</summary>
          <div className={styles.detailsText}>
            <pre>
              <BidiSafe text={trouble.details} />
            </pre>
            <Suspense fallback={<span className={styles.copyPlace} />}>
              <CopyButton text={trouble.details} label="Copy details" />
            </Suspense>
          </div>
        </details>
      )}
    </div>
  );
}
