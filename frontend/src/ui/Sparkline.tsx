import styles from "./Sparkline.module.css";

const width = 60;
const height = 16;

/**
 * The course of some figures as a line, for a cell of a list. It only shows the course, so it is hidden from screen
 * readers: the figures are in the cell and behind its row. One SVG of two elements, since a list draws 50 of them each
 * time it is read again.
 */
export function Sparkline({ figures }: { figures: number[] }) {
  const most = Math.max(1, ...figures);
  const step = width / Math.max(1, figures.length - 1);
  const line = figures
    .map((each, at) => `${(at * step).toFixed(1)},${(height - 1 - (each / most) * (height - 2)).toFixed(1)}`)
    .join(" ");
  return (
    <svg className={styles.line} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
      <polyline points={line} />
    </svg>
  );
}
