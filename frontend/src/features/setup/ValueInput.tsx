import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { useState } from "react";
import { SecretInput } from "../../ui";
import { toggleSecret, type Value } from "./draft";
import { exposedWords, useWasPlain } from "./exposed";
import styles from "./Setup.module.css";
import { TemplateInput } from "./TemplateInput";

interface ValueInputProps {
  value: Value;
  onChange: (value: Value) => void;
  /** Shown above the input; rows have only `name`. */
  label?: string;
  /** The accessible name: "Header Value, row 3". */
  name: string;
  /** Its row, from 0. */
  row?: number;
  error?: string;
  readOnly: boolean;
  required?: boolean;
}

/** A value that may be secret. The lock shows whether it is, and switches it. */
export function ValueInput({ value, onChange, label, name, row, error, readOnly, required }: ValueInputProps) {
  const Icon = value.secret ? IconLock : IconLockOpen;
  const wasPlain = useWasPlain();
  // What is in the history as plain text is not carried over into a secret; it comes back when the mark is taken off.
  const [emptied, setEmptied] = useState("");
  const toggle = () => {
    if (!value.secret && wasPlain(value.plain)) {
      setEmptied(value.plain);
      onChange(toggleSecret({ ...value, plain: "" }));
      return;
    }
    onChange(toggleSecret(value.secret && !value.typed ? { ...value, typed: emptied } : value));
    setEmptied("");
  };
  const words = value.secret ? "Secret: never shown again once saved" : "Mark as secret";
  return (
    <div className={styles.value} data-labelled={label ? true : undefined}>
      <div className={styles.valueField}>
        {value.secret ? (
          <SecretInput
            label={label}
            aria-label={label ? undefined : name}
            value={value}
            onChange={(next) => onChange({ ...value, ...next })}
            error={error}
            readOnly={readOnly}
            required={required}
          />
        ) : (
          <TemplateInput
            label={label}
            aria-label={label ? undefined : name}
            value={value.plain}
            onChange={(plain) => onChange({ ...value, plain })}
            error={error}
            readOnly={readOnly}
            withAsterisk={required}
          />
        )}
        {value.secret && !value.stored && emptied && (
          <p className={styles.advice} role="status">
            {exposedWords}
          </p>
        )}
      </div>
      {!readOnly && (
        <Tooltip label={words}>
          <ActionIcon
            variant="subtle"
            color={value.secret ? undefined : "gray"}
            className={styles.lock}
            aria-label={row === undefined ? "Secret" : `Secret, row ${row + 1}`}
            aria-pressed={value.secret}
            onClick={toggle}
          >
            <Icon size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}
