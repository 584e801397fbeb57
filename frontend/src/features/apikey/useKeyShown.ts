import { notifications } from "@mantine/notifications";
import { useCallback, useContext, useEffect, useRef } from "react";
import { useSession } from "../../bridge/session";
import { useConfirm } from "../../ui";
import { GuardContext } from "../../ui/guard";
import type { Issued } from "./types";

export interface KeyShown {
  /** The key is on the clipboard, or was selected and copied. */
  copied: () => void;
  /** Closes the dialog; a key that was not copied asks first. */
  close: () => Promise<void>;
  /** False as soon as the window is locked: a key does not stay behind the lock. */
  visible: boolean;
}

/** How a key that is shown this once is put away (B06, B16). `issued` is null until it is there. */
export function useKeyShown(issued: Issued | null, onClose: () => void): KeyShown {
  const confirm = useConfirm();
  const guards = useContext(GuardContext);
  const wasCopied = useRef(false);
  const visible = useSession().state === "ready";

  const mayLeave = useCallback(async () => {
    if (wasCopied.current) return true;
    return confirm({
      question: "Close without copying the key?",
      consequence: "It cannot be shown again. A key that is lost has to be replaced.",
      yes: "Close",
      no: "Go back",
      danger: true,
    });
  }, [confirm]);

  const latestClose = useRef(onClose);
  latestClose.current = onClose;
  useEffect(() => {
    if (!issued) return;
    // Another screen takes the dialog away as well, so it asks too.
    guards.set(mayLeave);
    return () => guards.set(null);
  }, [issued, guards, mayLeave]);
  useEffect(() => {
    if (!issued || visible) return;
    if (!wasCopied.current)
      notifications.show({
        autoClose: false,
        message: `The lock has closed the new key “${issued.key.title}”. If you did not copy it, replace it.`,
      });
    latestClose.current();
  }, [issued, visible]);

  return {
    copied: () => {
      wasCopied.current = true;
    },
    close: async () => {
      if (await mayLeave()) onClose();
    },
    visible,
  };
}
