import { SegmentedControl, Skeleton } from "@mantine/core";
import { lazy, Suspense, useId, useMemo, useState } from "react";
import styles from "./DaysChart.module.css";
import { DaysTable } from "./DaysTable";
import { type DayFigures, figureText, summaryText, sumsOf } from "./days";
import { Patterns, type Series, Swatch } from "./Patterns";

export interface DaysChartProps {
  /** What is counted, for screen readers: "Calls". */
  label: string;
  /** "call", "calls". */
  unit: [one: string, many: string];
  /** From the bottom of the bars up. */
  series: Series[];
  /** The oldest first; undefined while they are read. */
  days?: DayFigures[];
  /** Shown instead of a picture of nothing. */
  empty: string;
}

// The library is larger than all else of a screen, so it is loaded when a picture is first shown.
const DaysPicture = lazy(() => import("./DaysPicture"));

/**
 * What happened day by day: bars with one pattern for each series, the sums in words above them, and the same figures
 * as a table (UI.md, Pictures). It has the same height in each state, so that nothing jumps.
 */
export function DaysChart({ label, unit, series, days, empty }: DaysChartProps) {
  const within = `days-${useId().replace(/\W/g, "")}`;
  const [view, setView] = useState("picture");
  const sums = useMemo(() => sumsOf(series, days ?? []), [series, days]);
  const nothing = Object.values(sums).every((sum) => sum === 0);
  const skeleton = <Skeleton className={styles.area} />;
  return (
    <div className={styles.chart}>
      <Patterns within={within} series={series} />
      <div className={styles.head}>
        <dl className={styles.legend}>
          {series.map((each) => (
            <div key={each.id}>
              <dt>
                <Swatch within={within} series={each} />
                {each.label}
              </dt>
              <dd>{days ? figureText(sums[each.id] ?? 0) : "…"}</dd>
            </div>
          ))}
        </dl>
        <SegmentedControl
          size="xs"
          aria-label={`How to show ${label}`}
          data={[
            { value: "picture", label: "Picture" },
            { value: "table", label: "Table" },
          ]}
          value={view}
          onChange={setView}
        />
      </div>
      {!days ? (
        skeleton
      ) : view === "table" ? (
        <DaysTable label={label} series={series} days={days} />
      ) : nothing ? (
        <p className={`${styles.area} ${styles.empty}`}>{empty}</p>
      ) : (
        <div className={styles.area} role="img" aria-label={summaryText(label, unit, series, days)}>
          <Suspense fallback={skeleton}>
            <DaysPicture within={within} series={series} days={days} />
          </Suspense>
        </div>
      )}
    </div>
  );
}
