import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type model, organisation } from "../../bridge/api";
import { type Plain, write } from "../../bridge/query";
import { Note } from "../../ui/Note";
import { Waiting } from "../../ui/Waiting";
import { AuthLayout } from "./AuthLayout";
import type { FirstRunInput } from "./FirstRun";
import { againProblem, NewPassword } from "./NewPassword";
import { placed } from "./placed";
import { Trouble } from "./Trouble";
import type { Probe } from "./useProbe";

interface StepSecretsProps {
  input: FirstRunInput;
  change: (part: Partial<FirstRunInput>) => void;
  errors: Record<string, string>;
  probe: Probe;
  onBack: () => void;
  onRefused: (errors: Record<string, string>) => void;
  onBegun: (begun: Plain<model.organisation.Begun>) => void;
}

const inputs = ["organisation", "country", "time_zone", "user_name", "full_name", "password", "passphrase"];

/** Where secrets are kept. If the keyring works, this is one line; otherwise the person has to choose. */
export function StepSecrets({ input, change, errors, probe, onBack, onRefused, onBegun }: StepSecretsProps) {
  const [tried, setTried] = useState(false);
  // Nothing is stored yet, and trying the keyring again could ask for its password.
  const begin = useMutation(write(organisation.Begin, { refreshes: [] }));

  const submit = () => {
    setTried(true);
    if (probe.trying || begin.isPending) return;
    if (!probe.works && (input.passphrase === "" || againProblem(input.passphrase, input.phrase_again))) return;
    const { again: _, phrase_again: __, ...rest } = input;
    if (probe.works) change({ passphrase: "", phrase_again: "" });
    begin.mutate(
      { ...rest, passphrase: probe.works ? "" : input.passphrase },
      { onSuccess: onBegun, onError: (cause) => onRefused(placed(cause)) },
    );
  };

  return (
    <AuthLayout
      step="Step 3 of 5"
      title="Your secrets"
      text="The keys and tokens you enter are sealed. What opens them is kept apart from them."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          {probe.trying && (
            <Waiting what="Trying the keyring; it may ask for its password in a window" onCancel={probe.leave} />
          )}
          {probe.works && (
            <Group gap="xs" wrap="nowrap" role="status">
              <IconCircleCheck size={20} color="var(--mantine-color-green-7)" aria-hidden />
              <Text>{probe.message}</Text>
            </Group>
          )}
          {!probe.trying && !probe.works && (
            <>
              <Note tone="amber">
                <Stack gap="xs" align="flex-start">
                  <span>
                    <strong>{probe.message}</strong> {probe.hint}
                  </span>
                  <Button size="xs" variant="default" onClick={probe.again}>
                    Try again
                  </Button>
                </Stack>
              </Note>
              <Text>
                A passphrase can replace the keyring: you type it each time Keydesk starts. To stop here instead, close
                this window; nothing has been saved.
              </Text>
              <NewPassword
                label="Passphrase"
                description="At least 12 characters. Four or five words are easy to remember."
                password={input.passphrase}
                again={input.phrase_again}
                error={errors.passphrase ?? (tried && !input.passphrase ? "Enter a passphrase." : undefined)}
                againError={tried ? againProblem(input.passphrase, input.phrase_again) : undefined}
                known={[input.organisation, input.user_name]}
                onChange={(passphrase, phrase_again) => change({ passphrase, phrase_again })}
              />
            </>
          )}
          <Trouble cause={begin.error} unlessAt={inputs} />
          <Group justify="space-between">
            <Button variant="default" onClick={onBack} disabled={begin.isPending}>
              Back
            </Button>
            <Button type="submit" loading={begin.isPending} disabled={probe.trying}>
              Next
            </Button>
          </Group>
        </Stack>
      </form>
    </AuthLayout>
  );
}
