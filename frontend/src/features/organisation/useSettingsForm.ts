import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { organisation as door, type model } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { type Plain, sessionScope, write } from "../../bridge/query";
import { useHotkey, useUnsaved, withTyped } from "../../ui";

export type OrganisationSettings = Plain<model.organisation.Settings>;

/**
 * The state of a form for a part of the settings. If somebody else has saved meanwhile, Go refuses, what was typed is
 * kept, and `reload` reads the present settings.
 */
export function useSettingsForm(office: OrganisationSettings, reRead: () => Promise<OrganisationSettings | undefined>) {
  const [base, setBase] = useState(office);
  const [input, setInput] = useState(office);
  // The session has the organisation's name and the idle time.
  const saving = useMutation(write(door.SaveSettings, { refreshes: ["organisation", sessionScope] }));
  const dirty = JSON.stringify(input) !== JSON.stringify(base);
  const take = (next: OrganisationSettings) => {
    setBase(next);
    setInput(next);
  };
  if (!dirty && office.version > base.version) take(office);
  useUnsaved(dirty, "the settings");

  const save = () => {
    if (!dirty || saving.isPending) return;
    const { name, country, time_zone, idle_minutes, version } = input;
    saving.mutate(
      { name, country, time_zone, idle_minutes, version },
      {
        onSuccess: (saved) => {
          setBase(saved);
          setInput((now) => withTyped(input, now, saved));
          notifications.show({ message: "The settings are saved." });
        },
      },
    );
  };
  useHotkey({ save });

  const reload = async () => {
    const now = await reRead();
    if (!now) return;
    saving.reset();
    take(now);
  };
  const errors = fieldErrors(saving.error);
  return {
    input,
    change: (part: Partial<OrganisationSettings>) => setInput((now) => ({ ...now, ...part })),
    errors,
    /** A refusal that belongs to no input. */
    refusal: Object.keys(errors).length === 0 ? saving.error : null,
    dirty,
    saving: saving.isPending,
    save,
    reload,
  };
}
