import styles from "./TimingBar.module.css";
import { durationText } from "./text";

/** The phases of a call in milliseconds; a phase that did not happen is null. */
export interface Timings {
  dns: number | null;
  connect: number | null;
  tls: number | null;
  firstByte: number | null;
  download: number | null;
}

const phases: [keyof Timings, string][] = [
  ["dns", "DNS"],
  ["connect", "Connect"],
  ["tls", "TLS"],
  ["firstByte", "First byte"],
  ["download", "Download"],
];

export function TimingBar({ timings, reused = false }: { timings: Timings; reused?: boolean }) {
  const known = phases.filter(([phase]) => timings[phase] !== null);
  const total = known.reduce((sum, [phase]) => sum + (timings[phase] ?? 0), 0);
  return (
    <div className={styles.timing}>
      <div className={styles.bar} aria-hidden>
        {known.map(([phase]) => (
          <span
            key={phase}
            className={styles[phase]}
            // Divided by the total: growth factors with a sum below 1 would not fill the bar.
            style={{ flexGrow: total > 0 ? Math.max((timings[phase] ?? 0) / total, 1 / 200) : 1 }}
          />
        ))}
      </div>
      <dl className={styles.legend}>
        {known.map(([phase, name]) => (
          <div key={phase}>
            <dt>
              <i className={styles[phase]} aria-hidden />
              {name}
            </dt>
            <dd>{durationText(timings[phase] ?? 0)}</dd>
          </div>
        ))}
      </dl>
      {reused && <p className={styles.note}>Connection reused</p>}
    </div>
  );
}
