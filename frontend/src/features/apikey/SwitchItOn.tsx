import { Button, Group } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { organisation } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useConfirmed, wasGivenUp } from "../../shell/password";
import { Note } from "../../ui";

/** Says that the local API is off, or why it does not listen, and offers to switch it on. */
export function SwitchItOn() {
  const mayLook = useCan(organisation.LocalAPI);
  const maySwitch = useCan(organisation.SaveLocalAPI);
  const state = useQuery(read(organisation.LocalAPI, undefined, { enabled: mayLook })).data;
  const save = useMutation(useConfirmed(organisation.SaveLocalAPI));
  if (!state) return null;
  const { settings, version, listening } = state;
  if (settings.on && listening.addresses.length > 0) return null;
  return (
    <>
      <Note tone="amber" alert={false}>
        {settings.on && listening.message ? (
          `${listening.message} ${listening.hint}`
        ) : (
          <Group justify="space-between" gap="xs">
            <span>
              The local API is off, so no program can use a key yet.
              {!maySwitch && " Someone with Can Manage Settings can switch it on."}
            </span>
            {maySwitch && (
              <Button
                size="xs"
                variant="default"
                loading={save.isPending}
                onClick={() => save.mutate({ settings: { ...settings, on: true }, version })}
              >
                Switch it on
              </Button>
            )}
          </Group>
        )}
      </Note>
      {save.error && !wasGivenUp(save.error) && <FaultNote fault={save.error} />}
    </>
  );
}
