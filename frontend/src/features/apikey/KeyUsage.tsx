import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { apikey } from "../../bridge/api";
import { read } from "../../bridge/query";
import { DaysChart, type Series } from "../../ui";
import styles from "./ApiKey.module.css";
import { outcomeLabels, usageEveryMs } from "./words";

const shownDays = 30;

const looks: Pick<Series, "id" | "tone" | "pattern">[] = [
  { id: "accepted", tone: "good", pattern: "solid" },
  { id: "limited", tone: "doubt", pattern: "dots" },
  { id: "refused", tone: "bad", pattern: "stripes" },
  { id: "failed", tone: "bad", pattern: "grid" },
];

const series: Series[] = looks.map((look) => ({ ...look, label: outcomeLabels[look.id] ?? "" }));

/** How a key was used day by day, by outcome (C28). */
export function KeyUsage({ id, calls }: { id: string; calls: number }) {
  const usage = useQuery({
    ...read(apikey.Usage, { key_id: id, days: shownDays }, { keep: true }),
    refetchInterval: usageEveryMs,
  });
  const days = useMemo(() => usage.data?.days.map(({ day, ...figures }) => ({ day, figures })), [usage.data]);
  return (
    <section aria-labelledby="key-usage">
      <div className={styles.usageHead}>
        <h2 className={styles.smallTitle} id="key-usage">
          Usage in the last {shownDays} days
        </h2>
        <dl>
          <div>
            <dt>Ever</dt>
            <dd>{calls.toLocaleString("en-US")}</dd>
          </div>
        </dl>
      </div>
      {usage.error && !days ? (
        <p className={styles.problem} role="alert">
          {usage.error.message}
        </p>
      ) : (
        <DaysChart
          label="Requests"
          unit={["request", "requests"]}
          series={series}
          days={days}
          empty={`No requests in the last ${shownDays} days.`}
        />
      )}
    </section>
  );
}
