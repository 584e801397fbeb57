import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { AuthLayout } from "./AuthLayout";
import type { FirstRunInput } from "./FirstRun";
import { againProblem, NewPassword } from "./NewPassword";

interface StepYouProps {
  input: FirstRunInput;
  change: (part: Partial<FirstRunInput>) => void;
  errors: Record<string, string>;
  onBack: () => void;
  onNext: () => void;
}

export function StepYou({ input, change, errors, onBack, onNext }: StepYouProps) {
  const [tried, setTried] = useState(false);
  const againError = tried ? againProblem(input.password, input.again) : undefined;
  const short = tried && input.password.length < 12 ? "Use at least 12 characters." : undefined;
  return (
    <AuthLayout
      step="Step 2 of 5"
      title="You"
      text="You are the first user, an Org Admin, who may do everything. Others can be added later."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (input.user_name.trim() && input.password.length >= 12 && !againProblem(input.password, input.again))
            onNext();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="User name"
            placeholder="Example: asha"
            description="What you sign in with."
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={input.user_name}
            error={errors.user_name ?? (tried && !input.user_name.trim() ? "Enter a user name." : undefined)}
            onChange={(event) => change({ user_name: event.currentTarget.value })}
          />
          <TextInput
            label="Full name"
            description="Optional. Shown next to the user name."
            autoComplete="off"
            value={input.full_name}
            error={errors.full_name}
            onChange={(event) => change({ full_name: event.currentTarget.value })}
          />
          <NewPassword
            password={input.password}
            again={input.again}
            error={errors.password ?? short}
            againError={againError}
            known={[input.user_name, input.organisation]}
            onChange={(password, again) => change({ password, again })}
          />
          <Group justify="space-between">
            <Button variant="default" onClick={onBack}>
              Back
            </Button>
            <Button type="submit">Next</Button>
          </Group>
        </Stack>
      </form>
    </AuthLayout>
  );
}
