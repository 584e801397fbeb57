import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { countries, timeZones } from "../../ui/countries";
import type { FirstRunInput } from "./FirstRun";
import { Gate } from "./Gate";

interface StepOfficeProps {
  input: FirstRunInput;
  change: (part: Partial<FirstRunInput>) => void;
  errors: Record<string, string>;
  onNext: () => void;
}

export function StepOffice({ input, change, errors, onNext }: StepOfficeProps) {
  const [missing, setMissing] = useState(false);
  return (
    <Gate
      title="Welcome to Keydesk"
      text="First, your organisation. It takes two minutes, and nothing leaves this computer."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setMissing(true);
          if (input.organisation.trim() && input.country && input.time_zone) onNext();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Organisation"
            placeholder="Example: Asha Clinic"
            autoFocus
            value={input.organisation}
            error={errors.organisation ?? (missing && !input.organisation.trim() ? "Enter a name." : undefined)}
            onChange={(event) => change({ organisation: event.currentTarget.value })}
          />
          <Select
            label="Country"
            description="Completes phone numbers that are written without their country code."
            searchable
            data={countries}
            value={input.country}
            error={errors.country}
            onChange={(country) => change({ country: country ?? "" })}
          />
          <Select
            label="Time zone"
            searchable
            data={timeZones}
            value={input.time_zone}
            error={errors.time_zone}
            onChange={(time_zone) => change({ time_zone: time_zone ?? "" })}
          />
          <Group justify="flex-end">
            <Button type="submit">Next</Button>
          </Group>
        </Stack>
      </form>
    </Gate>
  );
}
