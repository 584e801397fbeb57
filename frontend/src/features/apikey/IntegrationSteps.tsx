import { Anchor } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { organisation } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { useRunning } from "../../shell/useRunning";
import styles from "./ApiKey.module.css";

interface IntegrationStepsProps {
  /** There is a key. */
  made: boolean;
  /** A key was used. */
  used: boolean;
}

/** The steps from nothing to a system that sends, ticked off by what is so (C12). */
export function IntegrationSteps({ made, used }: IntegrationStepsProps) {
  const running = useRunning();
  const maySet = useCan(organisation.SaveLocalAPI);
  const steps = [
    { done: true, text: "Open Settings, Integration" },
    { done: made, text: "Generate a key, and copy it into the other system" },
    {
      done: running?.local_api ?? false,
      text: "Switch the local API on, so that the other system can call",
      href: maySet ? "#/settings/local-api" : undefined,
    },
    { done: used, text: "Call from the other system; the key then says when it was last used" },
  ];
  return (
    <ol className={styles.steps}>
      {steps.map(({ done, text, href }) => {
        const Icon = done ? IconCircleCheck : IconCircle;
        return (
          <li key={text} data-done={done || undefined}>
            <Icon size={16} aria-hidden />
            <span>
              {href && !done ? (
                <Anchor href={href} inherit>
                  {text}
                </Anchor>
              ) : (
                text
              )}
              {done && <span className="visually-hidden">, done</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
