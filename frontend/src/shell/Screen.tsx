import type { ReactNode } from "react";
import styles from "./Screen.module.css";

/** A screen's room: fills the window, its content scrolls inside. `scroll` makes the screen itself scroll (forms). */
export function Screen({ children, scroll = false }: { children: ReactNode; scroll?: boolean }) {
  return (
    <div className={styles.screen} data-scroll={scroll || undefined}>
      {children}
    </div>
  );
}
