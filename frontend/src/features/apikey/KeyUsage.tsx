import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { apikey } from "../../bridge/api";
import { read } from "../../bridge/query";
import styles from "./ApiKey.module.css";
import { outcomeLabels, usageEveryMs } from "./words";

const windowDays = 30;

/** How often a key was used, by outcome (C28). */
export function KeyUsage({ id, calls }: { id: string; calls: number }) {
  // The start of an hour, so that the same question has the same answer in the cache.
  const [fromMs] = useState(() => Math.floor(Date.now() / 3_600_000) * 3_600_000 - windowDays * 86_400_000);
  const usage = useQuery({
    ...read(apikey.Usage, { key_id: id, from_ms: fromMs, to_ms: 0 }, { keep: true }),
    refetchInterval: usageEveryMs,
  });
  const sums: Record<string, number> = {};
  for (const { outcome, requests } of usage.data?.hours ?? []) sums[outcome] = (sums[outcome] ?? 0) + requests;
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
