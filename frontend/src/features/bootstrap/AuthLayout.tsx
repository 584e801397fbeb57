import { type ReactNode, useEffect, useRef } from "react";
import { DemoBanner } from "../../shell/DemoBanner";
import { ReadingBanner } from "../../shell/ReadingBanner";
import styles from "./AuthLayout.module.css";

interface AuthLayoutProps {
  title: string;
  /** One sentence that says what the screen is for. */
  text?: ReactNode;
  /** The progress: "Step 2 of 5". */
  step?: string;
  children: ReactNode;
}

/** The layout of the screens before the office is open. The title takes the focus if no input does. */
export function AuthLayout({ title, text, step, children }: AuthLayoutProps) {
  const column = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!column.current?.contains(document.activeElement)) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={styles.page}>
      <ReadingBanner />
      <DemoBanner />
      <main className={styles.main}>
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
