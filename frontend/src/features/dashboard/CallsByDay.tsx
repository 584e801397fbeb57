import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import { DaysChart } from "../../ui";
import styles from "./Dashboard.module.css";
import type { Day } from "./types";
import { sumOf, verdictSeries } from "./words";

/** The calls of the last 30 days by verdict: live ones, or tests. */
export function CallsByDay({ days }: { days: Day[] }) {
  // An office that has only tested so far sees that. It stays so when the first live call comes: nothing jumps.
  const [mode, setMode] = useState<"live" | "test">(() =>
    days.every(({ live }) => sumOf(live) === 0) && days.some(({ test }) => sumOf(test) > 0) ? "test" : "live",
  );
  const shown = useMemo(() => days.map((day) => ({ day: day.day, figures: { ...day[mode] } })), [days, mode]);
  return (
    <section className={styles.part} aria-labelledby="calls-by-day">
      <div className={styles.head}>
        <h2 id="calls-by-day">Calls in the last {days.length} days</h2>
        <SegmentedControl
          size="xs"
          aria-label="Which calls"
          data={[
            { value: "live", label: "Live" },
            { value: "test", label: "Tests" },
          ]}
          value={mode}
          onChange={(next) => setMode(next === "test" ? "test" : "live")}
        />
      </div>
      <DaysChart
        label={mode === "live" ? "Live calls" : "Tests"}
        unit={mode === "live" ? ["call", "calls"] : ["test", "tests"]}
        series={verdictSeries}
        days={shown}
        empty={mode === "live" ? "No live calls on these days." : "No tests on these days."}
      />
    </section>
  );
}
