import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import styles from "./SearchBar.module.css";

interface SearchBarProps {
  value: string;
  /** Called 120 ms after the last key, and at once when cleared or on Enter. */
  onChange: (value: string) => void;
  /** What can be searched: "Search process, stage, URL". */
  placeholder: string;
  /** Filters, next to the field. */
  children?: ReactNode;
  /** "1,204 setups"; the space is kept while the count is not known. */
  count?: string;
}

/** The search of a screen: on the left under the title, with filters next to it and the count on the right. */
export function SearchBar({ value, onChange, placeholder, children, count }: SearchBarProps) {
  const [typed, setTyped] = useState(value);
  const [reported, setReported] = useState(value);
  const [shown, setShown] = useState(value);

  // A value that changed elsewhere (Back, a cleared filter) replaces what was typed; the one reported here does not.
  // Not in an effect, which could run after the next key.
  if (value !== shown) {
    setShown(value);
    if (value !== reported) {
      setReported(value);
      setTyped(value);
    }
  }

  const send = (text: string) => {
    if (reported === text) return;
    setReported(text);
    onChange(text);
  };
  const latestSend = useRef(send);
  latestSend.current = send;

  useEffect(() => {
    const timer = setTimeout(() => latestSend.current(typed), 120);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <search className={styles.bar}>
      <TextInput
        className={styles.field}
        aria-label={placeholder}
        placeholder={placeholder}
        value={typed}
        dir="auto"
        maxLength={200}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          typed ? (
            <CloseButton
              size="sm"
              aria-label="Clear search"
              onClick={() => {
                setTyped("");
                send("");
              }}
            />
          ) : null
        }
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) send(typed);
          if (event.key === "Escape" && typed) {
            event.stopPropagation();
            setTyped("");
            send("");
          }
        }}
        data-search
      />
      {children && <div className={styles.filters}>{children}</div>}
      <span className={styles.count} role="status">
        {count}
      </span>
    </search>
  );
}
