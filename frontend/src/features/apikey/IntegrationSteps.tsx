import { Anchor } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { organisation } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { useRunning } from "../../shell/useRunning";
import styles from "./ApiKey.module.css";

interface IntegrationStepsProps {
  /** There is a key. */
  made: boolean;
  /** An API key has sent a message to the simulator. */
  simulated: boolean;
  /** An API key has sent a real message. */
  sent: boolean;
}

/** The steps from nothing to a system that sends, ticked off by what is so (C12). */
export function IntegrationSteps({ made, simulated, sent }: IntegrationStepsProps) {
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
    {
      done: simulated || sent,
      text: "Call from the other system in mode simulate: the simulator answers, and nothing leaves this computer",
    },
    { done: sent, text: "Send the first real message, in mode live" },
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
