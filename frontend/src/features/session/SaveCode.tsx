import { Button } from "@mantine/core";
import { IconDeviceFloppy } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { window as frame } from "../../bridge/api";
import { write } from "../../bridge/query";
import { Trouble } from "./Trouble";

/** Saves a recovery code as a text file where the person says. */
export function SaveCode({ code }: { code: string }) {
  const save = useMutation(write("window.save", frame.SaveText, { long: true }));
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDeviceFloppy size={16} aria-hidden />}
        loading={save.isPending}
        onClick={() =>
          save.mutate({
            title: "Save the recovery code",
            fileName: "keydesk-recovery-code.txt",
            text: `Keydesk recovery code\n\n${code}\n\nKeep this away from the computer it belongs to.\n`,
          })
        }
      >
        Save as a file
      </Button>
      <Trouble cause={save.error} />
    </>
  );
}
