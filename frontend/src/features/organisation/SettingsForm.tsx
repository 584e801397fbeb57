import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { FaultNote } from "../../shell/FaultNote";
import type { useSettingsForm } from "./useSettingsForm";

interface SettingsFormProps {
  form: ReturnType<typeof useSettingsForm>;
  children: ReactNode;
}

/** A form for a part of the settings, with the refusal above and the button below. */
export function SettingsForm({ form, children }: SettingsFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <Stack gap="md">
        {form.refusal && <FaultNote fault={form.refusal} onReload={() => void form.reload()} />}
        {children}
        <Group>
          <Button type="submit" loading={form.saving} disabled={!form.dirty}>
            Save settings
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
