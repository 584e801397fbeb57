import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { user } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { wasGivenUp } from "../../shell/password";
import { useConfirm } from "../../ui";
import { useConfirmedWrite } from "./useConfirmedWrite";
import { calledOf, type User } from "./words";

/** The actions on a user in the list. `fault` holds a refusal, such as that of the last Org Admin. */
export function useUserActions() {
  const confirm = useConfirm();
  const [fault, setFault] = useState<Fault | null>(null);
  const update = useConfirmedWrite(user.Update);
  const { mutateAsync: deleteUser } = useMutation(write(user.Delete));

  const attempt = async (doIt: () => Promise<unknown>, done: string) => {
    setFault(null);
    try {
      await doIt();
      notifications.show({ message: done });
    } catch (cause) {
      const refused = faultOf(cause);
      setFault(wasGivenUp(refused) ? null : refused);
    }
  };
  const setActive = (row: User, active: boolean) =>
    update.mutateAsync({
      id: row.id,
      version: row.version,
      name: row.name,
      full_name: row.full_name,
      role_ids: row.roles.map((role) => role.id),
      active,
    });

  return {
    fault,
    clear: () => setFault(null),
    switchOn: (row: User) => attempt(() => setActive(row, true), `${calledOf(row)} can sign in again.`),
    switchOff: async (row: User) => {
      const yes = await confirm({
        question: `Switch off “${row.name}”?`,
        consequence: `${calledOf(row)} cannot sign in until the user is switched on again. Nothing else changes.`,
        yes: "Switch off",
        no: "Keep on",
        danger: true,
      });
      if (yes) await attempt(() => setActive(row, false), `${calledOf(row)} cannot sign in any more.`);
    },
    remove: async (row: User) => {
      const yes = await confirm({
        question: `Delete the user “${row.name}”?`,
        consequence: `${calledOf(row)} cannot sign in any more. What was done under this name stays in Activity.`,
        yes: "Delete",
        no: "Keep",
        danger: true,
      });
      if (yes) await attempt(() => deleteUser({ id: row.id, version: row.version }), `Deleted “${row.name}”.`);
    },
  };
}
