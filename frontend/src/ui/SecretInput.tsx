import { ActionIcon, Button, Input, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { type ReactNode, type Ref, useEffect, useId, useRef, useState } from "react";
import { useLines } from "./lines";
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

/** Blanks that come along when a key is copied. Line ends are part of a secret of several lines. */
const blanksAround = /^[ \t\u00a0]|[ \t\u00a0]$/;

/**
 * An input for a secret. A stored one can be replaced but is never shown. One of several lines, such as a private key,
 * is pasted into it and keeps its line ends.
 */
export function SecretInput(props: SecretInputProps) {
  const { value, onChange, label, description, required, readOnly = false } = props;
  const error = props.error ?? (value.unreadable && !value.typed ? lost : undefined);
  const [replacing, setReplacing] = useState(false);
  const [shown, setShown] = useState(false);
  const lines = useLines(value.typed, (typed) => onChange({ ...value, typed }));
  const field = lines.field;
  const id = useId();
  const name = props["aria-label"] ?? label ?? "Secret";

  const typing = !value.stored || value.unreadable || replacing || value.typed !== "";
  useEffect(() => {
    if (replacing) field.current?.focus();
  }, [replacing, field]);
  // Once what was typed is saved, the field shows a stored secret again.
  const wasTyped = useRef(value.typed);
  useEffect(() => {
    if (wasTyped.current && !value.typed && value.stored && document.activeElement !== field.current)
      setReplacing(false);
    wasTyped.current = value.typed;
  }, [value.typed, value.stored, field]);

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

  const shared = {
    label,
    "aria-label": props["aria-label"],
    description,
    placeholder: props.placeholder,
    error,
    withAsterisk: required,
    value: lines.shown,
    autoComplete: "off",
    spellCheck: false,
    maxLength: 100_000,
    onChange: lines.onChange,
    onPaste: lines.onPaste,
  };
  const show = `Show ${name} while typing`;
  const Eye = shown ? IconEyeOff : IconEye;
  return (
    <div data-secret>
      {lines.many ? (
        <Textarea
          {...shared}
          ref={field as Ref<HTMLTextAreaElement>}
          rows={lines.rows}
          classNames={shown ? undefined : { input: styles.masked }}
          rightSection={
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={show}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            >
              <Eye size={16} />
            </ActionIcon>
          }
        />
      ) : (
        <PasswordInput
          {...shared}
          ref={field as Ref<HTMLInputElement>}
          visible={shown}
          onVisibilityChange={setShown}
          visibilityToggleButtonProps={{ tabIndex: 0, "aria-label": show }}
        />
      )}
      {blanksAround.test(value.typed) && (
        <p className={styles.note} role="status">
          There are blanks around it.
        </p>
      )}
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
