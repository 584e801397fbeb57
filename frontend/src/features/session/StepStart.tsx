import { Stack, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { window as frame, office } from "../../bridge/api";
import { lookAgain, sessionShelf, write } from "../../bridge/query";
import { Waiting } from "../../ui";
import { Gate } from "./Gate";
import styles from "./Gate.module.css";
import { Trouble } from "./Trouble";

const trees = [
  { tree: "orders", title: "Orders", text: "From placed to delivered, with the customer's number and the amount." },
  { tree: "appointments", title: "Appointments", text: "From booked to done, with date, time and reminders." },
  { tree: "invoices", title: "Invoices", text: "From sent to overdue and paid, with due date and amount." },
] as const;

/** What to begin with: a starter tree without keys, an empty office, or a look at the demo office. */
export function StepStart() {
  const client = useQueryClient();
  const enter = () => void lookAgain(client, sessionShelf);
  const plant = useMutation(write("process.plant", office.Plant));
  const demo = useMutation(write("window.demo", () => frame.OpenDemo()));
  return (
    <Gate
      title="What do you begin with?"
      text="Processes say at which step a message goes out. You can change all of it later."
    >
      <Stack gap="md">
        <div className={styles.choices}>
          {trees.map((each) => (
            <UnstyledButton
              key={each.tree}
              className={styles.choice}
              disabled={plant.isPending}
              onClick={() => plant.mutate({ tree: each.tree }, { onSuccess: enter })}
            >
              <strong>{each.title}</strong>
              <span>{each.text}</span>
            </UnstyledButton>
          ))}
          <UnstyledButton className={styles.choice} disabled={plant.isPending} onClick={enter}>
            <strong>An empty office</strong>
            <span>You make your own processes.</span>
          </UnstyledButton>
          <UnstyledButton
            className={styles.choice}
            disabled={demo.isPending}
            onClick={() => demo.mutate(undefined as never, { onSuccess: enter })}
          >
            <strong>A look at the demo office</strong>
            <span>A filled office in a window of its own. Yours waits here, empty.</span>
          </UnstyledButton>
        </div>
        {plant.isPending && <Waiting what="Making the processes" />}
        <Trouble cause={plant.error ?? demo.error} />
      </Stack>
    </Gate>
  );
}
