import { type MouseEvent, useEffect, useId, useRef } from "react";
import { reportPainted } from "../bridge/runtime";
import { useLayer } from "../ui/layers";
import { useFocusBack } from "../ui/useFocusBack";
import { afterPaint } from "./afterPaint";
import styles from "./ClosingQuestion.module.css";

interface ClosingQuestionProps {
  onAnswer: (answer: "keep" | "stop" | "stay") => void;
}

/** The question itself. Its parts are native, since Mantine's are not there on every screen. */
export default function ClosingQuestion({ onAnswer }: ClosingQuestionProps) {
  const id = useId();
  const stay = () => onAnswer("stay");
  const layer = useLayer(stay, { rank: "closing" });
  const safe = useRef<HTMLButtonElement>(null);
  useFocusBack();
  useEffect(() => {
    safe.current?.focus();
    return afterPaint(() => reportPainted("closing"));
  }, []);
  const outside = (event: MouseEvent) => {
    if (event.target === event.currentTarget) stay();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape and a button do the same.
    <div ref={layer} className={styles.veil} onMouseDown={outside}>
      <div
        role="dialog"
        aria-modal="true"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        className={styles.dialog}
      >
        <h2 id={`${id}-title`} className={styles.title}>
          Keep the local API running?
        </h2>
        <p id={`${id}-text`}>
          Other programs can call this office only while Keydesk runs. It can go on without a window. To see the window
          again, start Keydesk; it is locked until you enter your password.
        </p>
        <div className={styles.buttons}>
          <button type="button" className={styles.plain} onClick={stay}>
            Leave it open
          </button>
          <button type="button" className={styles.plain} onClick={() => onAnswer("stop")}>
            Stop
          </button>
          <button ref={safe} type="button" className={styles.filled} onClick={() => onAnswer("keep")}>
            Keep running without a window
          </button>
        </div>
      </div>
    </div>
  );
}
