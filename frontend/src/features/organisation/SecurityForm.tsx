import { Button, NumberInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ChangePassword } from "../../shell/ChangePassword";
import { SettingsForm } from "./SettingsForm";
import { type OrganisationSettings, useSettingsForm } from "./useSettingsForm";

interface SecurityFormProps {
  office: OrganisationSettings;
  reRead: () => Promise<OrganisationSettings | undefined>;
}

/** The idle lock, the rules for passwords in words, and a change of the user's own password (A07). */
export function SecurityForm({ office, reRead }: SecurityFormProps) {
  const form = useSettingsForm(office, reRead);
  const [changing, setChanging] = useState(false);
  return (
    <Stack gap="xl">
      <SettingsForm form={form}>
        <NumberInput
          label="Lock after minutes without input"
          description="1 to 120"
          min={1}
          max={120}
          allowDecimal={false}
          maw={280}
          value={form.input.idle_minutes || ""}
          error={form.errors.idle_minutes}
          onChange={(value) => form.change({ idle_minutes: Number(value) || 0 })}
        />
      </SettingsForm>
      <section aria-labelledby="my-password">
        <Text component="h2" id="my-password" fw={600} m={0} mb={4}>
          Your password
        </Text>
        <Text c="dimmed" mb="sm">
          A password has at least 12 characters and is not one of the most common. After five wrong passwords every
          further try has to wait.
        </Text>
        <Button variant="default" onClick={() => setChanging(true)}>
          Change my password
        </Button>
        {changing && <ChangePassword onClose={() => setChanging(false)} />}
      </section>
    </Stack>
  );
}
