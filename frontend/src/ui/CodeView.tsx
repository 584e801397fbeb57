import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import styles from "./CodeView.module.css";

export type CodeLanguage = "json" | "xml" | "text";

export interface CodeViewProps {
  value: string;
  language: CodeLanguage;
  /** What the text is, for screen readers: "Answer body". */
  label: string;
  /** With it, the text can be edited. */
  onChange?: (value: string) => void;
  error?: boolean;
  /** Long lines wrap; true by default. */
  wrap?: boolean;
  /** Hears where in the text was clicked, or the keys have moved to, as an offset. */
  onPlace?: (offset: number) => void;
  /** A button that opens the search, for who does not know Ctrl+F. */
  searchButton?: boolean;
}

// The editor is larger than most screens; it comes when first looked at.
const CodeMirrorView = lazy(() => import("./CodeMirrorView"));

/** Text as a program shows it: coloured, searched with Ctrl+F, never rendered as a page. */
export function CodeView(props: CodeViewProps) {
  return (
    <div className={styles.frame} data-error={props.error || undefined}>
      <Suspense
        fallback={
          <div className={styles.skeleton}>
            <Skeleton height="0.75rem" width="60%" />
            <Skeleton height="0.75rem" width="40%" />
          </div>
        }
      >
        <CodeMirrorView {...props} />
      </Suspense>
    </div>
  );
}
