import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { countries, timeZones } from "../../ui/countries";
import { SearchSelect } from "../../ui/SearchSelect";
import type { FirstRunInput } from "./FirstRun";
import { Gate } from "./Gate";

interface StepOfficeProps {
  input: FirstRunInput;
  change: (part: Partial<FirstRunInput>) => void;
  errors: Record<string, string>;
  onNext: () => void;
}

export function StepOffice({ input, change, errors, onNext }: StepOfficeProps) {
  const [tried, setTried] = useState(false);
  const named = input.organisation.trim() !== "";
  return (
    <Gate
      step="Step 1 of 5"
      title="Welcome to Keydesk"
      text="First, your organisation. It takes two minutes, and nothing leaves this computer."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (named) onNext();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Organisation"
            placeholder="Example: Asha Clinic"
            autoFocus
            value={input.organisation}
            error={errors.organisation ?? (tried && !named ? "Enter a name." : undefined)}
            onChange={(event) => change({ organisation: event.currentTarget.value })}
          />
          <SearchSelect
            label="Country"
            description="Completes phone numbers that are written without their country code."
            nothingFoundMessage="No country is called that."
            data={countries}
            value={input.country}
            error={errors.country}
            onChange={(country) => country && change({ country })}
          />
          <SearchSelect
            label="Time zone"
            nothingFoundMessage="No time zone is called that. Type the nearest large city."
            data={timeZones}
            value={input.time_zone}
            error={errors.time_zone}
            onChange={(time_zone) => time_zone && change({ time_zone })}
          />
          <Group justify="flex-end">
            <Button type="submit">Next</Button>
          </Group>
        </Stack>
      </form>
    </Gate>
  );
}
