import { Anchor, Button, Group, Text } from "@mantine/core";
import { BidiSafe } from "../../ui";
import styles from "./Setup.module.css";
import { counted, treeWords } from "./TransferChoices";
import type { Imported } from "./TransferDialog";

/** What an import made, with a link to each setup that cannot send yet. */
export function TransferResult({ done, onClose }: { done: Imported; onClose: () => void }) {
  const parts = [
    done.added > 0 ? `${counted(done.added, "setup")} added` : "",
    done.replaced > 0 ? `${counted(done.replaced, "setup")} replaced` : "",
  ].filter(Boolean);
  const tree = treeWords(done.places, done.stages, done.fields);
  return (
    <>
      <Text fw={600} role="status">
        {parts.join(", ")}.
      </Text>
      {tree && <Text size="sm">Made on the way: {tree}.</Text>}
      {done.unfinished.length > 0 && (
        <>
          <h2 className={styles.smallTitle}>
            {done.unfinished.length === 1
              ? "1 setup needs"
              : `${done.unfinished.length.toLocaleString("en-US")} setups need`}{" "}
            something typed
          </h2>
          <Text size="sm" mb="xs">
            Until then they are off, and marked so in the list. Open each, type what is missing, and switch it on under
            Options.
          </Text>
          <ul className={styles.notFired} aria-label="Setups that need something typed">
            {done.unfinished.map((one) => (
              <li key={one.id}>
                <Anchor href={`#/setups/${one.id}`} inherit onClick={onClose}>
                  <BidiSafe text={one.title} />
                </Anchor>
                <span>
                  <BidiSafe text={one.retype.join(", ") || "A value that was hidden in the file"} />
                  {one.was_plain.length > 0 && (
                    <>
                      {". In the history as plain text: "}
                      <BidiSafe text={one.was_plain.join(", ")} />
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {done.unfinished.some((one) => one.was_plain.length > 0) && (
        <Text size="sm" mt="xs">
          What was plain text here needs a new value from the provider. An Org Admin can erase the old one: under
          Activity, “Erase a text”.
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button data-autofocus onClick={onClose}>
          Close
        </Button>
      </Group>
    </>
  );
}
