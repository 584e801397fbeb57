import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import styles from "./SearchBar.module.css";

interface SearchBarProps {
  value: string;
  /** Called 120 ms after the last key, and at once when cleared or on Enter. */
  onChange: (value: string) => void;
  /** What can be found, as in "Search process, stage, URL". */
  placeholder: string;
  /** Filters, beside the field. */
  children?: ReactNode;
  /** "1,204 setups"; its place is kept while it is not known. */
  count?: string;
}

/** The one search of a screen: left under the title, filters beside it, the count at the right. */
export function SearchBar({ value, onChange, placeholder, children, count }: SearchBarProps) {
  const [typed, setTyped] = useState(value);
  const given = useRef(value);
  const report = useRef(onChange);
  report.current = onChange;

  // A value that changed elsewhere (Back, a cleared filter) replaces what stands here; our own echo does not.
  useEffect(() => {
    if (value !== given.current) {
      given.current = value;
      setTyped(value);
    }
  }, [value]);

  const give = (text: string) => {
    if (given.current === text) return;
    given.current = text;
    report.current(text);
  };
  const giveNow = useRef(give);
  giveNow.current = give;

  useEffect(() => {
    const timer = setTimeout(() => giveNow.current(typed), 120);
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
                give("");
              }}
            />
          ) : null
        }
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) give(typed);
          if (event.key === "Escape" && typed) {
            event.stopPropagation();
            setTyped("");
            give("");
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
