import { Anchor, Button, CloseButton } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import type { useFirstSteps } from "../../shell/GettingStarted";
import styles from "./Dashboard.module.css";

interface FirstStepsProps {
  steps: ReturnType<typeof useFirstSteps>["steps"];
  onClose: () => void;
}

/** What to do first in a new office. The next step has the button. */
export function FirstSteps({ steps, onClose }: FirstStepsProps) {
  const next = steps.find(({ done }) => !done);
  return (
    <section className={styles.part} aria-labelledby="first-steps">
      <div className={styles.head}>
        <h2 id="first-steps">Getting started</h2>
        <CloseButton size="sm" aria-label="Close the getting-started steps" onClick={onClose} />
      </div>
      <ol className={styles.steps}>
        {steps.map((step) => {
          const Icon = step.done ? IconCircleCheck : IconCircle;
          return (
            <li key={step.name} data-done={step.done || undefined}>
              <Icon size={20} aria-hidden />
              <div>
                {step === next ? (
                  <strong>{step.text}</strong>
                ) : (
                  <Anchor href={step.to} inherit c="inherit" underline="hover">
                    {step.text}
                  </Anchor>
                )}
                {step.done && <span className="visually-hidden">, done</span>}
                <p>{step.help}</p>
              </div>
              {step === next && (
                <Button component="a" href={step.to}>
                  {step.text}
                </Button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
