import { Button, Text } from "@mantine/core";
import { usePause } from "../../shell/usePause";
import { useRunning } from "../../shell/useRunning";

/** Pauses all sending by other systems, for Org Admins. */
export function PauseSending() {
  const sending = usePause();
  const running = useRunning();
  if (!sending || !running) return null;
  return (
    <section aria-labelledby="pause-title">
      <Text component="h2" id="pause-title" fw={600} m={0} mb={4}>
        Sending by other systems
      </Text>
      <Text c="dimmed" mb="sm">
        {running.paused
          ? "Sending is paused: whatever other systems want to send is refused. People can still test and send here."
          : "When something goes wrong, pause everything that other systems send. People can still test and send here."}
      </Text>
      <Button variant="default" loading={sending.busy} onClick={running.paused ? sending.goOn : sending.pause}>
        {running.paused ? "Go on sending" : "Pause sending"}
      </Button>
    </section>
  );
}
