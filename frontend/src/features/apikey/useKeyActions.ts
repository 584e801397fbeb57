import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { apikey } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type Fault, faultOf } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { useConfirm } from "../../ui";
import type { Key } from "./types";
import { lastUseText } from "./words";

/** What this person may do with keys. */
export function useKeyRights() {
  return {
    create: useCan(apikey.Create),
    edit: useCan(apikey.Edit),
    replace: useCan(apikey.Replace),
    delete: useCan(apikey.Delete),
    takeOver: useCan(apikey.TakeOver),
    findLeaks: useCan(apikey.FindLeaks),
  };
}

/** What tells a key from another one of its title, such as the one that replaced it: "It begins with kd_7Yt2Qa9Z. " */
const nameOf = ({ mask, taken_over }: Key) => (taken_over ? "" : `It begins with ${mask.replace(/_?•+$/, "")}. `);

/** The actions on a key that need no form. `fault` holds a refusal. Each tells whether it was done. */
export function useKeyActions() {
  const confirm = useConfirm();
  const [fault, setFault] = useState<Fault | null>(null);
  const { mutateAsync: disableKey } = useMutation(write(apikey.Disable));
  const { mutateAsync: enableKey } = useMutation(write(apikey.Enable));
  const { mutateAsync: revokeKey } = useMutation(write(apikey.Revoke));
  const { mutateAsync: deleteKey } = useMutation(write(apikey.Delete));

  const attempt = async (doIt: () => Promise<unknown>, done: string): Promise<boolean> => {
    setFault(null);
    try {
      await doIt();
      notifications.show({ message: done });
      return true;
    } catch (cause) {
      setFault(faultOf(cause));
      return false;
    }
  };

  return {
    fault,
    clear: () => setFault(null),
    disable: ({ id, title }: Key) =>
      attempt(() => disableKey({ id }), `“${title}” is disabled. Enable it to let it be used again.`),
    enable: ({ id, title }: Key) => attempt(() => enableKey({ id }), `“${title}” can be used again.`),
    revoke: async (key: Key) => {
      const yes = await confirm({
        question: `Revoke “${key.title}”?`,
        consequence: `${nameOf(key)}${lastUseText(key)} From the next request on it is refused, for good. It stays in the list with its history.`,
        yes: "Revoke",
        no: "Keep",
        danger: true,
      });
      return yes && attempt(() => revokeKey({ id: key.id }), `“${key.title}” is revoked.`);
    },
    remove: async (key: Key) => {
      const yes = await confirm({
        question: `Delete “${key.title}”?`,
        consequence: `${nameOf(key)}${lastUseText(key)} From the next request on it is refused, and it leaves the list. Activity keeps what was done.`,
        yes: "Delete",
        no: "Keep",
        danger: true,
      });
      return yes && attempt(() => deleteKey({ id: key.id }), `Deleted “${key.title}”.`);
    },
  };
}
