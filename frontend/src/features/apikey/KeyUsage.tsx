import { useQuery } from "@tanstack/react-query";
import { apikey } from "../../bridge/api";
import { read } from "../../bridge/query";
import styles from "./ApiKey.module.css";
import { outcomeLabels, usageEveryMs } from "./words";

const windowDays = 30;

/** How often a key was used, by outcome (C28). */
export function KeyUsage({ id, calls }: { id: string; calls: number }) {
  const usage = useQuery({
    ...read(apikey.Usage, { key_id: id, days: windowDays }, { keep: true }),
    refetchInterval: usageEveryMs,
  });
  const sums: Record<string, number> = { accepted: 0, refused: 0, limited: 0, failed: 0 };
  for (const day of usage.data?.days ?? []) {
    for (const outcome of ["accepted", "refused", "limited", "failed"] as const)
      sums[outcome] = (sums[outcome] ?? 0) + day[outcome];
  }
  return (
    <section aria-labelledby="key-usage">
      <h2 className={styles.smallTitle} id="key-usage">
        Usage in the last {windowDays} days
      </h2>
      {usage.error ? (
        <p className={styles.problem} role="alert">
          {usage.error.message}
        </p>
      ) : (
        <dl className={styles.figures}>
          {Object.entries(outcomeLabels).map(([outcome, label]) => (
            <div key={outcome}>
              <dt>{label}</dt>
              <dd>{usage.data ? (sums[outcome] ?? 0).toLocaleString("en-US") : "…"}</dd>
            </div>
          ))}
          <div>
            <dt>Ever</dt>
            <dd>{calls.toLocaleString("en-US")}</dd>
          </div>
        </dl>
      )}
    </section>
  );
}
