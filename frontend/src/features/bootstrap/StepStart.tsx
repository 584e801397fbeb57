import { Stack, Text, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { window as frame, organisation } from "../../bridge/api";
import { invalidate, sessionScope, write } from "../../bridge/query";
import { Waiting } from "../../ui/Waiting";
import { AuthLayout } from "./AuthLayout";
import styles from "./AuthLayout.module.css";
import { Trouble } from "./Trouble";

const trees = [
  { tree: "orders", title: "Orders", text: "Delivery, pick-up and returns: placed, shipped, delivered, refunded." },
  {
    tree: "appointments",
    title: "Appointments",
    text: "First visits, follow-ups and home visits: booked, reminder, done.",
  },
  { tree: "invoices", title: "Invoices", text: "Sales, subscriptions, credit notes: issued, reminder, overdue, paid." },
] as const;

/** How to start: with a starter tree without keys, an empty office, or a look at the demo office. */
export function StepStart() {
  const client = useQueryClient();
  const enter = () => void invalidate(client, sessionScope);
  const createStarter = useMutation(write(organisation.CreateStarter, { refreshes: ["process"] }));
  const demo = useMutation(write(frame.OpenDemo));
  return (
    <AuthLayout
      step="Step 5 of 5"
      title="How do you want to start?"
      text="Processes say at which stage a message goes out. Everything can be changed later."
    >
      <Stack gap="md">
        <div className={styles.choices}>
          {trees.map((each) => (
            <UnstyledButton
              key={each.tree}
              className={styles.choice}
              disabled={createStarter.isPending}
              onClick={() => createStarter.mutate({ tree: each.tree }, { onSuccess: enter })}
            >
              <strong>{each.title}</strong> <span>{each.text}</span>
            </UnstyledButton>
          ))}
          <UnstyledButton className={styles.choice} disabled={createStarter.isPending} onClick={enter}>
            <strong>Empty office</strong> <span>You make your own processes.</span>
          </UnstyledButton>
          <UnstyledButton
            className={styles.choice}
            disabled={createStarter.isPending || demo.isPending}
            onClick={() => demo.mutate(undefined)}
          >
            <strong>Look at the demo office first</strong> <span>A filled office, in a separate window.</span>
          </UnstyledButton>
        </div>
        {createStarter.isPending && <Waiting what="Making the processes" />}
        {demo.isSuccess && (
          <Text c="dimmed" role="status">
            The demo office opens in a separate window. You can choose here afterwards.
          </Text>
        )}
        <Trouble cause={createStarter.error ?? demo.error} />
      </Stack>
    </AuthLayout>
  );
}
