import { PasswordInput } from "@mantine/core";
import { PasswordStrength } from "../../ui";

/** A password typed twice. `again` is compared by the form before anything is sent. */
export interface Typed {
  password: string;
  again: string;
}

export const nothingTyped: Typed = { password: "", again: "" };

/** The message for the second input if the two differ; Go judges the password. */
export function againProblem({ password, again }: Typed): string | undefined {
  return password === again ? undefined : "The two passwords differ.";
}

interface PasswordTwiceProps {
  /** "Password" or "New password". */
  label: string;
  typed: Typed;
  onChange: (typed: Typed) => void;
  /** Words that make a password weak, such as the names of the user and the organisation. */
  known: string[];
  error?: string;
  againError?: string;
  focus?: boolean;
}

/** A first or reset password, with its strength and a note that it has to be changed (RULES.md, Sign-in). */
export function PasswordTwice({ label, typed, onChange, known, error, againError, focus }: PasswordTwiceProps) {
  return (
    <>
      <PasswordInput
        mt="sm"
        label={label}
        description="At least 12 characters. Tell it to them yourself. It must be changed at the next sign-in."
        autoComplete="new-password"
        data-autofocus={focus || undefined}
        value={typed.password}
        error={error}
        // Mantine sets this on the wrapper, not on the input.
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange({ ...typed, password: event.currentTarget.value })}
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
      />
      <PasswordStrength password={typed.password} known={known} />
      <PasswordInput
        mt="xs"
        label={`${label} again`}
        autoComplete="new-password"
        value={typed.again}
        error={againError}
        aria-invalid={againError ? true : undefined}
        onChange={(event) => onChange({ ...typed, again: event.currentTarget.value })}
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the second password" }}
      />
    </>
  );
}
