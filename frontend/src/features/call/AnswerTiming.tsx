import { BidiSafe, exactText, TimingBar } from "../../ui";
import styles from "./Call.module.css";
import type { Answer } from "./types";

/** How long each phase took, the redirects, and the connection one click away. */
export function AnswerTiming({ answer }: { answer: Answer }) {
  const { timings, tls, hops, failure } = answer;
  const fresh = !timings.reused;
  return (
    <div className={styles.timing}>
      {timings.total_ms > 0 && (
        <TimingBar
          reused={timings.reused}
          timings={{
            dns: fresh && timings.dns_ms > 0 ? timings.dns_ms : null,
            connect: fresh && timings.connect_ms > 0 ? timings.connect_ms : null,
            tls: fresh && timings.tls_ms > 0 ? timings.tls_ms : null,
            firstByte: timings.first_byte_ms > 0 ? timings.first_byte_ms : null,
            download: answer.status > 0 ? timings.download_ms : null,
          }}
        />
      )}
      {hops.length > 0 && (
        <ol className={styles.hops} aria-label="Redirects">
          {hops.map((hop) => (
            <li key={`${hop.url} ${hop.location}`}>
              {hop.status}{" "}
              <code>
                <BidiSafe text={hop.url} />
              </code>{" "}
              points to{" "}
              <code>
                <BidiSafe text={hop.location || "nowhere"} />
              </code>
              {hop.followed ? ", followed." : `. ${hop.note || "Not followed."}`}
            </li>
          ))}
        </ol>
      )}
      {(answer.remote_addr || tls || failure?.detail) && (
        <details className={styles.details}>
          <summary>Connection details</summary>
          <dl>
            {answer.remote_addr && <Fact name="Address" value={answer.remote_addr} />}
            {answer.proto && <Fact name="Protocol" value={answer.proto} />}
            {tls && (
              <>
                <Fact name="TLS" value={tls.version} />
                <div>
                  <dt>Certificate check</dt>
                  <dd data-bad={!tls.checked || undefined}>{tls.checked ? "Done" : "Switched off for this setup"}</dd>
                </div>
                <Fact name="Certificate of" value={tls.subject} />
                <Fact name="Issued by" value={tls.issuer} />
                <Fact name="Valid until" value={exactText(new Date(tls.expires))} />
                <Fact name="Fingerprint (SHA-256)" value={tls.fingerprint} />
              </>
            )}
            {failure?.detail && <Fact name="What the system said" value={failure.detail} />}
          </dl>
        </details>
      )}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <BidiSafe text={value} />
      </dd>
    </div>
  );
}
