import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { SecretInput } from "../../ui";
import { toggleSecret, type Value } from "./draft";
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
      </div>
      {!readOnly && (
        <Tooltip label={words}>
          <ActionIcon
            variant="subtle"
            color={value.secret ? undefined : "gray"}
            className={styles.lock}
            aria-label={row === undefined ? "Secret" : `Secret, row ${row + 1}`}
            aria-pressed={value.secret}
            onClick={() => onChange(toggleSecret(value))}
          >
            <Icon size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}
