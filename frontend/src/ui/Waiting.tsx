import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import styles from "./Waiting.module.css";

/** After how many milliseconds each is shown (UI.md, Waiting). */
const waitSteps = { skeleton: 150, words: 2_000, cancel: 10_000 };

type WaitStep = "nothing" | "skeleton" | "words" | "cancel";

/** The step reached since the component was mounted. */
function useWaitStep(): WaitStep {
  const [step, setStep] = useState<WaitStep>("nothing");
  useEffect(() => {
    const timers = (["skeleton", "words", "cancel"] as const).map((next) =>
      setTimeout(() => setStep(next), waitSteps[next]),
    );
    return () => timers.forEach(clearTimeout);
  }, []);
  return step;
}

interface WaitingProps {
  /** What is being done, such as "Reading the setups"; shown after 2 s. */
  what: string;
  /** The shape of what comes, shown after 150 ms. */
  skeleton?: ReactNode;
  /** Offered after 10 s. */
  onCancel?: () => void;
}

/** Shown while something is awaited. It takes its space from the start, so that nothing jumps. */
export function Waiting({ what, skeleton, onCancel }: WaitingProps) {
  const step = useWaitStep();
  const worded = step === "words" || step === "cancel";
  return (
    <div className={styles.waiting} aria-busy="true">
      {step !== "nothing" && skeleton}
      <div className={styles.line}>
        <span role="status">{worded ? `${what} …` : ""}</span>
        {step === "cancel" && onCancel && (
          <Button size="xs" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </div>
  );
}
