import styles from "./Patterns.module.css";

/** The four meanings of a colour, and the accent for what has none (UI.md, Looks). */
export type Tone = "good" | "bad" | "doubt" | "off" | "accent";

/** What tells a series from the others of its picture without colour. */
export type PatternName = "solid" | "stripes" | "dots" | "grid" | "lines";

/** A part of a picture: its word, its colour, and its pattern. */
export interface Series {
  id: string;
  label: string;
  tone: Tone;
  pattern: PatternName;
}

/** What is drawn in a tile of 6 by 6. */
const marks: Record<PatternName, string> = {
  solid: "M0 0H6V6H0Z",
  stripes: "M0 3L3 0H5L0 5ZM6 3L3 6H5L6 5Z",
  dots: "M1 1H3V3H1ZM4 4H6V6H4Z",
  grid: "M0 0H6V1.5H1.5V6H0Z",
  lines: "M0 0H6V2.5H0Z",
};

/** The fill of a series in a picture, once its `Patterns` are on the screen. */
export const fillOf = (within: string, { id }: Series) => `url(#${within}-${id})`;

export const toneOf = ({ tone }: Series) => `var(--tone-${tone})`;

/** Defines the fills of these series for all that is drawn beside it. It takes no room. */
export function Patterns({ within, series }: { within: string; series: Series[] }) {
  return (
    <svg className={styles.patterns} aria-hidden>
      <defs>
        {series.map((each) => (
          <pattern key={each.id} id={`${within}-${each.id}`} width="6" height="6" patternUnits="userSpaceOnUse">
            <path d="M0 0H6V6H0Z" fill="var(--tone-ground)" />
            <path d={marks[each.pattern]} fill={toneOf(each)} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

/** A small square of a series' fill, beside its word. */
export function Swatch({ within, series }: { within: string; series: Series }) {
  return (
    <svg className={styles.swatch} viewBox="0 0 12 12" aria-hidden>
      <rect x="0.5" y="0.5" width="11" height="11" fill={fillOf(within, series)} stroke={toneOf(series)} />
    </svg>
  );
}
