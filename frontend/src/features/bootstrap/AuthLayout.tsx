import { type ReactNode, useEffect, useRef } from "react";
import { DemoBanner } from "../../shell/DemoBanner";
import styles from "./AuthLayout.module.css";

interface GateProps {
  title: string;
  /** What this is for, in one sentence. */
  text?: ReactNode;
  /** How far one is, as in "Step 2 of 5". */
  step?: string;
  children: ReactNode;
}

/** One calm column before the office is open. Where no input takes the focus, the title does. */
export function Gate({ title, text, step, children }: GateProps) {
  const column = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!column.current?.contains(document.activeElement)) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={styles.page}>
      <DemoBanner />
      <main className={styles.gate}>
        <div className={styles.column} ref={column}>
          <div className={styles.brand}>
            <span>Keydesk</span>
            {step && <span>{step}</span>}
          </div>
          <h1 className={styles.title} tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {text && <p className={styles.text}>{text}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}
