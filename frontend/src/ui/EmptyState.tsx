import type { ReactNode } from "react";
import styles from "./State.module.css";

interface EmptyStateProps {
  /** "No setups yet." */
  title: string;
  /** What to do next, in one sentence. */
  text?: ReactNode;
  /** The buttons that do it. */
  children?: ReactNode;
}

export function EmptyState({ title, text, children }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
