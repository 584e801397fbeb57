import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type model, office } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { type Plain, read, write } from "../../bridge/query";
import { Waiting } from "../../ui";
import type { FirstRunInput } from "./FirstRun";
import { Gate } from "./Gate";
import { againProblem, NewPassword } from "./NewPassword";
import { Trouble } from "./Trouble";

interface StepSecretsProps {
  input: FirstRunInput;
  change: (part: Partial<FirstRunInput>) => void;
  errors: Record<string, string>;
  onBack: () => void;
  onRefused: (errors: Record<string, string>) => void;
  onBegun: (begun: Plain<model.office.Begun>) => void;
}

/** Where secrets are kept. A working keyring is one line; only its absence asks. */
export function StepSecrets({ input, change, errors, onBack, onRefused, onBegun }: StepSecretsProps) {
  const [again, setAgain] = useState(input.passphrase);
  const [tried, setTried] = useState(false);
  const trial = useQuery({
    ...read("keyring.try", () => office.TryKeyring(), undefined, { long: true }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const begin = useMutation(write("keyring.begin", office.Begin, { long: true }));
  const works = trial.data?.works ?? false;
  const fieldNames = ["organisation", "country", "time_zone", "user_name", "full_name", "password", "passphrase"];

  return (
    <Gate
      title="Your secrets"
      text="API keys and tokens are sealed. The key that opens them is kept by this computer's keyring."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!works && (input.passphrase === "" || againProblem(input.passphrase, again))) return;
          const { again: _again, ...rest } = input;
          begin.mutate(
            { ...rest, passphrase: works ? "" : input.passphrase },
            { onSuccess: onBegun, onError: (cause) => onRefused(fieldErrors(cause)) },
          );
        }}
      >
        <Stack gap="md">
          {trial.isFetching && <Waiting what="Trying the keyring; it may ask for its own password" />}
          {!trial.isFetching && works && (
            <Group gap="xs" wrap="nowrap">
              <IconCircleCheck size={20} color="var(--mantine-color-green-7)" aria-hidden />
              <Text>{trial.data?.message}</Text>
            </Group>
          )}
          {!trial.isFetching && !works && (
            <>
              <Alert color="yellow" variant="light">
                {trial.error?.message ?? trial.data?.message} {trial.error?.hint ?? trial.data?.hint}
              </Alert>
              <Group>
                <Button variant="default" onClick={() => void trial.refetch()}>
                  Try again
                </Button>
              </Group>
              <Text>
                Without a keyring, a passphrase keeps your secrets. You type it each time Keydesk starts. Or close this
                window to stop here; nothing was kept.
              </Text>
              <NewPassword
                label="Passphrase"
                password={input.passphrase}
                again={again}
                error={errors.passphrase ?? (tried && !input.passphrase ? "Enter a passphrase." : undefined)}
                againError={tried ? againProblem(input.passphrase, again) : undefined}
                known={[input.organisation, input.user_name]}
                onChange={(passphrase, next) => {
                  change({ passphrase });
                  setAgain(next);
                }}
              />
            </>
          )}
          <Trouble cause={begin.error} unlessAt={fieldNames} />
          <Group justify="space-between">
            <Button variant="default" onClick={onBack}>
              Back
            </Button>
            <Button type="submit" loading={begin.isPending} disabled={trial.isFetching}>
              Next
            </Button>
          </Group>
        </Stack>
      </form>
    </Gate>
  );
}
