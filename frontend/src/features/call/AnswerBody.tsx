import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { CodeView, CopyButton, EmptyState } from "../../ui";
import styles from "./Call.module.css";
import { prettyJson, type Spot, spotAt } from "./prettyJson";
import { prettyXml } from "./prettyXml";
import type { Detail } from "./types";

interface AnswerBodyProps {
  detail: Detail;
  /** Takes a value of a JSON answer that was chosen for a rule. */
  onPick?: (chosen: { path: string; value: string }) => void;
}

/** The answer's body laid out for reading, always as text. */
export function AnswerBody({ detail, onPick }: AnswerBodyProps) {
  const { text } = detail.reply;
  const shown = useMemo(() => layOut(text), [text]);
  const [spot, setSpot] = useState<Spot | null>(null);
  if (text === "") return <EmptyState title="The answer has no body." />;
  const choosing = onPick && shown.spots.length > 0;
  return (
    <>
      <div className={styles.bodyBar}>
        {choosing && !spot && <span className={styles.dimmed}>Click a value to make a rule from it.</span>}
        {choosing && spot && (
          <>
            <code className={styles.spot}>{spot.path}</code>
            <Button size="compact-xs" variant="light" onClick={() => onPick({ path: spot.path, value: spot.value })}>
              Make a rule from this value
            </Button>
          </>
        )}
        <span className={styles.bodyTools}>
          <CopyButton text={text} label="Copy body" />
        </span>
      </div>
      <div className={styles.code}>
        <CodeView
          value={shown.text}
          language={shown.language}
          label="Answer body"
          searchButton
          onPlace={choosing ? (offset) => setSpot(spotAt(shown.spots, offset)) : undefined}
        />
      </div>
    </>
  );
}

interface Shown {
  text: string;
  language: "json" | "xml" | "text";
  spots: Spot[];
}

/** Decided by the text and not by its Content-Type, since providers send JSON as text/html. */
function layOut(text: string): Shown {
  const json = /^[\s\uFEFF]*[[{]/.test(text) ? prettyJson(text) : null;
  if (json) return { ...json, language: "json" };
  const xml = /^[\s\uFEFF]*</.test(text) ? prettyXml(text.replace(/^\uFEFF/, "")) : null;
  if (xml !== null) return { text: xml, language: "xml", spots: [] };
  return { text, language: "text", spots: [] };
}
