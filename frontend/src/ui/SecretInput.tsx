import { Button, Input, PasswordInput, TextInput } from "@mantine/core";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import styles from "./SecretInput.module.css";

/**
 * What the page knows of a secret: whether one is stored, and what was typed to replace it. The page never gets the
 * stored value.
 */
export interface SecretValue {
  stored: boolean;
  typed: string;
  /** What is stored can no longer be read and has to be typed again. */
  unreadable?: boolean;
}

interface SecretInputProps {
  value: SecretValue;
  onChange: (value: SecretValue) => void;
  label?: string;
  /** The accessible name where there is no label, as in a row. */
  "aria-label"?: string;
  description?: ReactNode;
  placeholder?: string;
  error?: ReactNode;
  required?: boolean;
  readOnly?: boolean;
}

const lost = "The secret stored for this can no longer be read. Type it again.";

/** An input for a secret. A stored one can be replaced but is never shown. */
export function SecretInput(props: SecretInputProps) {
  const { value, onChange, label, description, required, readOnly = false } = props;
  const error = props.error ?? (value.unreadable && !value.typed ? lost : undefined);
  const [replacing, setReplacing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const name = props["aria-label"] ?? label ?? "Secret";

  const typing = !value.stored || value.unreadable || replacing || value.typed !== "";
  useEffect(() => {
    if (replacing) field.current?.focus();
  }, [replacing]);
  // Once what was typed is saved, the field shows a stored secret again.
  const wasTyped = useRef(value.typed);
  useEffect(() => {
    if (wasTyped.current && !value.typed && value.stored && document.activeElement !== field.current)
      setReplacing(false);
    wasTyped.current = value.typed;
  }, [value.typed, value.stored]);

  if (readOnly || !typing) {
    return (
      <Input.Wrapper id={id} label={label} description={description} error={error} withAsterisk={required}>
        <div className={styles.stored} data-error={error ? true : undefined}>
          <TextInput
            id={id}
            className={styles.bullets}
            variant="unstyled"
            readOnly
            aria-label={props["aria-label"]}
            aria-invalid={error ? true : undefined}
            value={value.unreadable ? "not readable" : value.stored ? "•••••••• stored" : "none"}
          />
          {!readOnly && (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Replace ${name}`}
              onClick={() => setReplacing(true)}
            >
              Replace
            </Button>
          )}
        </div>
      </Input.Wrapper>
    );
  }

  return (
    <div>
      <PasswordInput
        ref={field}
        label={label}
        aria-label={props["aria-label"]}
        description={description}
        placeholder={props.placeholder}
        error={error}
        withAsterisk={required}
        value={value.typed}
        autoComplete="off"
        spellCheck={false}
        maxLength={100_000}
        visibilityToggleButtonProps={{ tabIndex: 0, "aria-label": `Show ${name} while typing` }}
        onChange={(event) => onChange({ ...value, typed: event.currentTarget.value })}
      />
      {value.stored && !value.unreadable && (
        <Button
          size="compact-xs"
          variant="subtle"
          className={styles.keep}
          onClick={() => {
            setReplacing(false);
            onChange({ stored: true, typed: "" });
          }}
        >
          Keep the stored one
        </Button>
      )}
    </div>
  );
}
