import { Button, Group, Stack, Text } from "@mantine/core";
import { IconDeviceFloppy } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { window as frame } from "../bridge/api";
import { write } from "../bridge/query";
import { copyText } from "../bridge/runtime";
import { BidiSafe } from "../ui/BidiSafe";
import { CopyButton } from "../ui/CopyButton";
import styles from "./RecoveryCode.module.css";

/** How long a copied code stays on the clipboard, in milliseconds. */
const clipboardMs = 90_000;

/** A recovery code, which is shown only once, with buttons to copy and save it. */
export function RecoveryCode({ code }: { code: string }) {
  const save = useMutation(write(frame.SaveText));
  return (
    <Stack gap="sm">
      <output className={styles.code} aria-label="Recovery code">
        {code}
      </output>
      <Group gap="xs">
        <CopyButton text={code} label="Copy code" withText copy={(text) => copyText(text, clipboardMs)} />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          loading={save.isPending}
          onClick={() =>
            save.mutate({
              title: "Save the recovery code",
              file_name: "keydesk-recovery-code.txt",
              text: `Keydesk recovery code\n\n${code}\n\nKeep this away from the computer it belongs to.\n`,
            })
          }
        >
          Save to file
        </Button>
      </Group>
      <Text size="sm" c={save.error ? "var(--mantine-color-error)" : "dimmed"} role="status">
        {save.error ? (
          `${save.error.message} ${save.error.hint}`
        ) : save.data?.saved ? (
          <>
            Saved as <BidiSafe text={save.data.path} />.
          </>
        ) : (
          "A copied code is removed from the clipboard after 90 seconds."
        )}
      </Text>
    </Stack>
  );
}
