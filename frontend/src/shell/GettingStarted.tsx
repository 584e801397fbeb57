import { Anchor, CloseButton } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { organisation, setup } from "../bridge/api";
import { useCan } from "../bridge/can";
import { read } from "../bridge/query";
import { useSession } from "../bridge/session";
import styles from "./Frame.module.css";

const steps: Record<string, { text: string; to: string }> = {
  place: { text: "Make a process", to: "#/processes" },
  setup: { text: "Describe an API call", to: "#/setups/new" },
  test: { text: "Test it", to: "#/setups" },
};

/** The first steps, ticked off by what exists. They disappear when all are done or when they are closed. */
export function GettingStarted({ onClose }: { onClose: () => void }) {
  const { demo_users } = useSession();
  const mayMake = useCan(setup.Create);
  const wanted = mayMake && demo_users.length === 0;
  const state = useQuery(
    read(organisation.Steps, undefined, {
      watches: ["process", "setup", "call"],
      enabled: wanted,
    }),
  );
  const list = state.data ?? [];
  if (!wanted || list.length === 0 || list.every((step) => step.done)) return null;
  return (
    <section className={styles.steps} aria-labelledby="getting-started">
      <h2 id="getting-started">Getting started</h2>
      <CloseButton size="sm" aria-label="Close the getting-started steps" onClick={onClose} />
      <ol>
        {list.map((step) => {
          const { text, to } = steps[step.name] ?? { text: step.name, to: "#/" };
          const Icon = step.done ? IconCircleCheck : IconCircle;
          return (
            <li key={step.name} data-done={step.done || undefined}>
              <Anchor href={to} inherit underline="hover">
                <Icon size={16} aria-hidden />
                <span>{text}</span>
                {step.done && <span className="visually-hidden">, done</span>}
              </Anchor>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
