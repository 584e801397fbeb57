import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useMemo } from "react";
import styles from "./CodeView.module.css";
import { breakLines, wholeOffset } from "./longLines";

export type CodeLanguage = "json" | "xml" | "text";

export interface CodeViewProps {
  value: string;
  language: CodeLanguage;
  /** What the text is, for screen readers: "Answer body". */
  label: string;
  /** With this, the text can be edited. */
  onChange?: (value: string) => void;
  error?: boolean;
  /** Long lines wrap; true by default. */
  wrap?: boolean;
  /** Gets the offset of the cursor when a click or a key moves it. */
  onPlace?: (offset: number) => void;
  /** Shows a button that opens the search, for people who do not know Ctrl+F. */
  searchButton?: boolean;
}

// The editor's code is larger than most screens, so it is loaded when it is first shown.
const CodeMirrorView = lazy(() => import("./CodeMirrorView"));

const nothingAdded: number[] = [];

/**
 * Code with highlighting and a search (Ctrl+F). It is never rendered as a page. Where it cannot be edited, long lines
 * are broken.
 */
export function CodeView(props: CodeViewProps) {
  const { value, onChange, onPlace } = props;
  const { text, added } = useMemo(
    () => (onChange ? { text: value, added: nothingAdded } : breakLines(value)),
    [value, onChange],
  );
  return (
    <div className={styles.frame} data-error={props.error || undefined}>
      {added.length > 0 && <p className={styles.broken}>Long lines are broken here, after 1,000 characters each.</p>}
      <Suspense
        fallback={
          <div className={styles.skeleton}>
            <Skeleton height="0.75rem" width="60%" />
            <Skeleton height="0.75rem" width="40%" />
          </div>
        }
      >
        <CodeMirrorView
          {...props}
          value={text}
          onPlace={onPlace && ((offset) => onPlace(wholeOffset(offset, added)))}
        />
      </Suspense>
    </div>
  );
}
