import { IconFlask } from "@tabler/icons-react";
import styles from "./Call.module.css";

/** A mark next to a result, so that nobody takes what the simulator played for a real one. */
export function SimulatorSign({ framed = false }: { framed?: boolean }) {
  return (
    <span className={styles.simulator} data-framed={framed || undefined}>
      <IconFlask size={14} stroke={2} aria-hidden /> Simulator
    </span>
  );
}
