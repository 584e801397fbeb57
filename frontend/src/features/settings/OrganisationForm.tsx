import { Button, Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { office as door, type model } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { type Plain, write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useHotkey, useUnsaved } from "../../ui";
import { countries, timeZones } from "../../ui/countries";

interface OrganisationFormProps {
  office: Plain<model.office.Office>;
  onReload: () => void;
}

/** Name, country, time zone and idle lock. */
export function OrganisationForm({ office, onReload }: OrganisationFormProps) {
  const [input, setInput] = useState(office);
  const change = (part: Partial<typeof office>) => setInput((now) => ({ ...now, ...part }));
  const saving = useMutation(write("office.save_settings", door.SaveSettings));
  const errors = fieldErrors(saving.error);
  const dirty = JSON.stringify(input) !== JSON.stringify(office);
  useUnsaved(dirty);
  const save = () => {
    if (!dirty) return;
    const { name, country, time_zone, idle_minutes, version } = input;
    saving.mutate(
      { name, country, time_zone, idle_minutes, version },
      { onSuccess: () => notifications.show({ message: "The settings are saved." }) },
    );
  };
  useHotkey({ save });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="md">
        {saving.error && Object.keys(errors).length === 0 && <FaultNote fault={saving.error} onReload={onReload} />}
        <TextInput
          label="Organisation"
          value={input.name}
          error={errors.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Select
          label="Country"
          description="Completes phone numbers that are written without their country code."
          searchable
          allowDeselect={false}
          data={countries}
          value={input.country}
          error={errors.country}
          onChange={(country) => country && change({ country })}
        />
        <Select
          label="Time zone"
          searchable
          allowDeselect={false}
          data={timeZones}
          value={input.time_zone}
          error={errors.time_zone}
          onChange={(time_zone) => time_zone && change({ time_zone })}
        />
        <NumberInput
          label="Lock after minutes without input"
          description="1 to 120. Unlocking brings the screen back as it was."
          min={1}
          max={120}
          w={280}
          value={input.idle_minutes}
          error={errors.idle_minutes}
          onChange={(value) => change({ idle_minutes: Number(value) || 0 })}
        />
        <Group>
          <Button type="submit" loading={saving.isPending} disabled={!dirty}>
            Save settings
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
