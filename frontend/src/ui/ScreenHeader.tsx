import type { ReactNode } from "react";
import styles from "./ScreenHeader.module.css";

interface ScreenHeaderProps {
  title: ReactNode;
  /** One line that says what this screen is for. */
  subtitle?: ReactNode;
  /** The primary button, and next to it what a form needs (Cancel). */
  children?: ReactNode;
}

/** The title of a screen. Its h1 takes the focus when the route changes. */
export function ScreenHeader({ title, subtitle, children }: ScreenHeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <h1 className={styles.title} tabIndex={-1}>
          {title}
        </h1>
        {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      {children && <div className={styles.actions}>{children}</div>}
    </header>
  );
}
