import { BarTable, BidiSafe } from "../../ui";
import styles from "./Dashboard.module.css";
import type { Stage } from "./types";

interface BusyStagesProps {
  stages: Stage[];
  /** YYYY-MM. */
  month: string;
  /** Each leads to the setups at its place. */
  linked: boolean;
}

/** The stages with most live calls of a month. */
export function BusyStages({ stages, month, linked }: BusyStagesProps) {
  const name = new Date(`${month}-15T12:00:00`).toLocaleDateString("en-GB", { month: "long" });
  return (
    <section className={styles.part} aria-labelledby="busy-stages">
      <h2 id="busy-stages">Busiest stages in {name}</h2>
      {stages.length === 0 ? (
        <p className={styles.none}>No live calls in this month.</p>
      ) : (
        <BarTable
          labelledBy="busy-stages"
          heads={["Stage", "Live calls"]}
          rows={stages.map(({ place_id, places, stage, calls }) => ({
            id: `${place_id} ${stage}`,
            label: (
              <>
                <BidiSafe text={stage || "Every stage"} />
                <span className={styles.place}>
                  <BidiSafe text={places.join(" / ")} />
                </span>
              </>
            ),
            count: calls,
            href: linked ? `#/setups?place=${encodeURIComponent(place_id)}` : undefined,
          }))}
        />
      )}
    </section>
  );
}
