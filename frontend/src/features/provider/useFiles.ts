import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { provider, window } from "../../bridge/api";
import { faultOf } from "../../bridge/fault";
import { ask, write } from "../../bridge/query";
import { showFault } from "../../shell/showFault";
import { useConfirm } from "../../ui";
import { afterRemoval } from "./words";

interface File {
  name: string;
  text: string;
}

/** Asks where to save the file and writes it there. */
async function save(title: string, file: Promise<File>): Promise<void> {
  try {
    const { name, text } = await file;
    // The system's dialog stays open as long as the person likes.
    const saved = await ask(window.SaveText, { title, file_name: name, text });
    if (saved.saved) notifications.show({ message: `Saved as ${saved.path}` });
  } catch (cause) {
    showFault(faultOf(cause));
  }
}

/** What can be done with provider files: save one to share it, save the example, remove one. */
export function useFiles() {
  const confirm = useConfirm();
  const { mutateAsync: remove } = useMutation(write(provider.Delete));
  return {
    saveFile: (id: string) => save("Save the provider's file", ask(provider.Export, { id })),
    saveExample: (file: File) => save("Save the example", Promise.resolve(file)),
    /** True once it is removed. */
    remove: async ({ id, name, setups }: { id: string; name: string; setups: number }): Promise<boolean> => {
      const yes = await confirm({
        question: `Remove the provider “${name}”?`,
        consequence: afterRemoval(setups),
        yes: "Remove",
        no: "Keep",
        danger: true,
      });
      if (!yes) return false;
      try {
        await remove({ id });
        notifications.show({ message: `Removed “${name}”.` });
        return true;
      } catch (cause) {
        showFault(faultOf(cause));
        return false;
      }
    },
  };
}
