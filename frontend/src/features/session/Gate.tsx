import type { ReactNode } from "react";
import styles from "./Gate.module.css";

interface GateProps {
  title: string;
  /** What this is for, in one sentence. */
  text?: ReactNode;
  children: ReactNode;
}

/** One calm column before the office is open. */
export function Gate({ title, text, children }: GateProps) {
  return (
    <main className={styles.gate}>
      <div className={styles.column}>
        <div className={styles.brand}>Keydesk</div>
        <h1 className={styles.title}>{title}</h1>
        {text && <p className={styles.text}>{text}</p>}
        {children}
      </div>
    </main>
  );
}
