import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { OrganisationFields } from "../../shell/OrganisationFields";
import { AuthLayout } from "./AuthLayout";
import type { FirstRunInput } from "./FirstRun";

interface StepOrganisationProps {
  input: FirstRunInput;
  change: (part: Partial<FirstRunInput>) => void;
  errors: Record<string, string>;
  onNext: () => void;
}

export function StepOrganisation({ input, change, errors, onNext }: StepOrganisationProps) {
  const [tried, setTried] = useState(false);
  const named = input.organisation.trim() !== "";
  return (
    <AuthLayout
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
          <OrganisationFields
            first
            value={{ name: input.organisation, country: input.country, time_zone: input.time_zone }}
            errors={{
              name: errors.organisation ?? (tried && !named ? "Enter a name." : undefined),
              country: errors.country,
              time_zone: errors.time_zone,
            }}
            onChange={({ name, ...rest }) => change(name === undefined ? rest : { ...rest, organisation: name })}
          />
          <Group justify="flex-end">
            <Button type="submit">Next</Button>
          </Group>
        </Stack>
      </form>
    </AuthLayout>
  );
}
