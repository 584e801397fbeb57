import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { type SegmentLine, SegmentsView, Waiting } from "../../ui";
import { CurlMenu } from "./CurlMenu";
import { TlsOff } from "./columns";
import type { Draft, Source } from "./draft";
import styles from "./Setup.module.css";
import type { PreviewState } from "./usePreview";

type Preview = Plain<model.request.Preview>;
type Segment = Plain<model.request.Segment>;

interface LivePaneProps {
  preview: PreviewState;
  draft: Draft;
  source: Source;
  /** The labels of the provider's fields, by their id. */
  labels?: Map<string, string> | null;
  /** Undefined for people who may not test this. */
  onTest?: () => void;
}

/** The request as it will go out, live, with the origin of every value; secrets are dots. */
export function LivePane({ preview, draft, source, labels, onTest }: LivePaneProps) {
  const { answer, fault } = preview;
  return (
    <aside className={styles.pane} aria-label="Request">
      <div className={styles.paneHead}>
        <h2 className={styles.paneTitle}>Request</h2>
        <CurlMenu draft={draft} source={source} />
      </div>
      <div className={styles.paneBody}>
        {draft.options.skip_tls_check && <TlsOff />}
        {fault && (
          <p role="alert" className={styles.paneFault}>
            {fault.message} {fault.hint}
          </p>
        )}
        {answer ? (
          <Shown preview={answer.preview} labels={labels} />
        ) : (
          !fault && <Waiting what="Building the request" />
        )}
      </div>
      {onTest && (
        <div className={styles.paneFoot}>
          <Button onClick={onTest} aria-keyshortcuts="Control+Enter" title="Ctrl+Enter">
            Test
          </Button>
          <span className={styles.note}>fires with the sample values</span>
        </div>
      )}
    </aside>
  );
}

function Shown({ preview, labels }: { preview: Preview; labels?: Map<string, string> | null }) {
  // A provider's field is known by its label, not by its id.
  const named = (segment: Segment): Segment => ({ ...segment, origin: labels?.get(segment.origin) ?? segment.origin });
  const head: SegmentLine[] = [
    {
      id: "target",
      segments: [{ text: `${preview.method} `, origin: "Method Type" }, ...preview.url.map(named)],
      note: originNote("API URL", preview.url.map(named)),
    },
    ...preview.headers.map((header, index) => ({
      id: `header ${index}`,
      segments: [{ text: `${header.name}: `, origin: "" }, ...header.segments.map(named)],
    })),
  ];
  const body = bodyLines(preview.body.map(named));
  return (
    <>
      {preview.missing.length > 0 && (
        <p className={styles.missing} role="status">
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            Without a value: {preview.missing.map((name) => labels?.get(name) ?? name).join(", ")}.{" "}
            {labels
              ? "The call is not sent until each is filled in."
              : "The call is not sent until each has a Stage Parameter row or a parameter."}
          </span>
        </p>
      )}
      <SegmentsView label="Request line and headers" lines={head} />
      {body.length > 0 && (
        <>
          <hr className={styles.rule} />
          <SegmentsView label="Body" lines={body} />
          {preview.body_cut && <p className={styles.note}>The rest of the body is not shown.</p>}
        </>
      )}
      <p className={styles.sizes}>
        {sizeText(preview.total_bytes)} in all, body {sizeText(preview.body_bytes)}
        {preview.secrets_uncounted && ", without the secrets"}
      </p>
      {preview.notes.length > 0 && (
        <ul className={styles.notes} aria-label="Notes">
          {preview.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function originNote(usual: string, segments: Segment[]): string {
  const origins = segments.map((segment) => segment.origin).filter((origin) => origin && origin !== usual);
  return [...new Set(origins)].join(", ");
}

/** One line for each parameter, so that its origin is next to it. Only the display is split, never the bytes. */
export function bodyLines(body: Segment[]): SegmentLine[] {
  const lines: Segment[][] = [[]];
  for (const segment of body) {
    lines.at(-1)?.push(segment);
    if (segment.origin === "" && (segment.text === "&" || segment.text.endsWith(","))) lines.push([]);
  }
  return lines.filter((segments) => segments.length > 0).map((segments, index) => ({ id: `body ${index}`, segments }));
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
