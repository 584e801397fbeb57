import { CodeView, CopyButton } from "../../ui";
import styles from "./Call.module.css";
import type { Detail } from "./types";

/** The request as it went out, with secrets hidden. */
export function SentRequest({ request, sent }: { request: Detail["request"]; sent: boolean }) {
  return (
    <>
      <div className={styles.bodyBar}>
        <span className={styles.dimmed}>
          {sent ? "Secrets are hidden." : "Nothing was sent. This is what would have gone out; secrets are hidden."}
          {request.cut && " Only its first part is kept."}
        </span>
        <span className={styles.bodyTools}>
          <CopyButton text={request.wire} label="Copy request" />
        </span>
      </div>
      <div className={styles.code}>
        <CodeView
          value={request.wire || `${request.method} ${request.url}`}
          language="text"
          label="Request as sent"
          searchButton
        />
      </div>
    </>
  );
}

/** The answer as it was received: its first line, headers and body, not laid out. */
export function RawAnswer({ detail }: { detail: Detail }) {
  const raw = rawText(detail);
  return (
    <>
      <div className={styles.bodyBar}>
        <span className={styles.bodyTools}>
          <CopyButton text={raw} label="Copy answer" />
        </span>
      </div>
      <div className={styles.code}>
        <CodeView value={raw} language="text" label="Raw answer" searchButton />
      </div>
    </>
  );
}

function rawText({ reply }: Detail): string {
  const { answer, text } = reply;
  const first = [answer.proto, answer.status || "", answer.status_text].filter(Boolean).join(" ");
  const head = [first, ...answer.headers.map(({ name, value }) => `${name}: ${value}`)];
  return `${head.join("\n")}\n\n${text}`;
}
