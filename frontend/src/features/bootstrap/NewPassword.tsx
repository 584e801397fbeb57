import { PasswordInput, Stack } from "@mantine/core";
import { PasswordStrength } from "../../ui/PasswordStrength";

interface NewPasswordProps {
  label?: string;
  description?: string;
  password: string;
  again: string;
  onChange: (password: string, again: string) => void;
  error?: string;
  againError?: string;
  known?: string[];
}

/** A new password, typed twice, with its strength. */
export function NewPassword(props: NewPasswordProps) {
  const { label = "Password", password, again, onChange, error, againError, known } = props;
  const { description = "At least 12 characters. A few words in a row are good." } = props;
  return (
    <Stack gap={4}>
      <PasswordInput
        label={label}
        description={description}
        autoComplete="off"
        value={password}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value, again)}
      />
      <PasswordStrength password={password} known={known} />
      <PasswordInput
        label={`${label} again`}
        autoComplete="off"
        value={again}
        error={againError}
        onChange={(event) => onChange(password, event.currentTarget.value)}
      />
    </Stack>
  );
}

/** The message for the second input, if the two differ. */
export function againProblem(password: string, again: string): string | undefined {
  return password === again ? undefined : "The two do not match.";
}
