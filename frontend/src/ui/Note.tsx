import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./Note.module.css";

interface NoteProps {
  /** Red for what was refused or failed, amber for what is unclear or has to wait. */
  tone: "red" | "amber";
  /** Whether a screen reader reads it when it appears. */
  alert?: boolean;
  children: ReactNode;
}

/** A message on the screen. Its icon has the same meaning as its colour. */
export function Note({ tone, alert = true, children }: NoteProps) {
  const Icon = tone === "red" ? IconAlertCircle : IconAlertTriangle;
  return (
    <div className={styles.note} data-tone={tone} role={alert ? "alert" : undefined}>
      <Icon size={18} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
