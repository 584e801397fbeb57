import { Anchor, CloseButton } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { organisation, setup } from "../bridge/api";
import { useCan } from "../bridge/can";
import { read } from "../bridge/query";
import { useSession } from "../bridge/session";
import styles from "./Frame.module.css";

const words: Record<string, { text: string; help: string; to: string }> = {
  place: {
    text: "Make a process",
    help: "What your office does, such as Orders, and the stages at which a message goes out.",
    to: "#/processes",
  },
  setup: {
    text: "Describe an API call",
    help: "Which provider is called at a stage, with which key, and what it is told.",
    to: "#/setups/new",
  },
  test: {
    text: "Test it",
    help: "At the simulator, where nothing is sent, or at the provider itself. The answer is explained in words.",
    to: "#/setups",
  },
};

interface FirstStep {
  name: string;
  text: string;
  /** What it is for, in a sentence. */
  help: string;
  to: string;
  done: boolean;
}

/** Whether the steps were closed, and how to close them: until the window is opened again, on every screen. */
export const StepsContext = createContext({ closed: false, close: () => {} });

/** The first steps, ticked off by what exists. There are none when all are done, or when they were closed. */
export function useFirstSteps(): { steps: FirstStep[]; close: () => void; known: boolean } {
  const { demo_users } = useSession();
  const { closed, close } = useContext(StepsContext);
  const mayMake = useCan(setup.Create);
  const wanted = mayMake && !closed && demo_users.length === 0;
  const state = useQuery(
    read(organisation.Steps, undefined, {
      watches: ["process", "setup", "call"],
      enabled: wanted,
    }),
  );
  const list = wanted ? (state.data ?? []) : [];
  const steps = list.every((step) => step.done)
    ? []
    : list.map(({ name, done }) => ({ name, done, ...(words[name] ?? { text: name, help: "", to: "#/" }) }));
  return { steps, close, known: !wanted || !state.isPending };
}

/** The first steps beside every screen but the dashboard, which has them as a part. */
export function GettingStarted() {
  const { steps, close } = useFirstSteps();
  if (steps.length === 0) return null;
  return (
    <section className={styles.steps} aria-labelledby="getting-started">
      <h2 id="getting-started">Getting started</h2>
      <CloseButton size="sm" aria-label="Close the getting-started steps" onClick={close} />
      <ol>
        {steps.map(({ name, text, to, done }) => {
          const Icon = done ? IconCircleCheck : IconCircle;
          return (
            <li key={name} data-done={done || undefined}>
              <Anchor href={to} inherit underline="hover">
                <Icon size={16} aria-hidden />
                <span>{text}</span>
                {done && <span className="visually-hidden">, done</span>}
              </Anchor>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
