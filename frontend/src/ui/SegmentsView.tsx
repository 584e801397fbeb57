import { IconAlertTriangle } from "@tabler/icons-react";
import styles from "./SegmentsView.module.css";
import { cutAtDeceptive } from "./text";

/** A piece of a request and its origin. The page never gets a secret's text; its piece is shown as dots. */
export interface Segment {
  text: string;
  /** "Authentication", "Mobile, sample value", "typed". */
  origin: string;
  secret?: boolean;
  /** The name has no value; `text` is the name as written, `{{name}}`. */
  missing?: boolean;
}

export interface SegmentLine {
  id: string;
  segments: Segment[];
  /** Shown at the right of the line; by default the origins of its pieces. */
  note?: string;
}

/** A request as it will be sent, with the origins of each line at the right and that of each piece on hover. */
export function SegmentsView({ lines, label }: { lines: SegmentLine[]; label: string }) {
  return (
    <ul className={styles.lines} aria-label={label}>
      {lines.map((line) => (
        <li key={line.id} className={styles.line}>
          <code className={styles.text} dir="ltr">
            {withKeys(line.segments).map(({ key, segment }) => (
              <Piece key={key} segment={segment} />
            ))}
          </code>
          <span className={styles.note}>{line.note ?? originsOf(line.segments)}</span>
        </li>
      ))}
    </ul>
  );
}

function originsOf(segments: Segment[]): string {
  const origins = segments.filter((segment) => segment.origin && segment.text !== "").map((segment) => segment.origin);
  return [...new Set(origins)].join(", ");
}

function withKeys(segments: Segment[]): { key: number; segment: Segment }[] {
  let at = 0;
  return segments.map((segment) => {
    const key = at;
    at += segment.text.length + 1;
    return { key, segment };
  });
}

function Piece({ segment }: { segment: Segment }) {
  const hover = segment.origin || undefined;
  if (segment.missing) {
    return (
      <mark className={styles.missing} title={hover}>
        <IconAlertTriangle size={12} aria-hidden /> {segment.text} <span>missing</span>
      </mark>
    );
  }
  if (segment.secret) {
    return (
      <span className={styles.secret} title={hover}>
        <span aria-hidden>••••••••</span>
        <span className="visually-hidden">secret</span>
      </span>
    );
  }
  let at = 0;
  return (
    <span title={hover} className={hover ? styles.piece : undefined}>
      {cutAtDeceptive(segment.text).map((part) => {
        const key = at;
        at += part.text.length;
        return part.escaped ? (
          <span key={key} className={styles.escape}>
            {part.text}
          </span>
        ) : (
          part.text
        );
      })}
    </span>
  );
}
