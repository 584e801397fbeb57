import type { ReactNode } from "react";
import styles from "./Screen.module.css";

/** The area of a screen. It fills the window and its parts scroll; with `scroll` the screen itself scrolls (forms). */
export function Screen({ children, scroll = false }: { children: ReactNode; scroll?: boolean }) {
  return (
    <div className={styles.screen} data-scroll={scroll || undefined}>
      {children}
    </div>
  );
}
