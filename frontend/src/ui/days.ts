import type { Series } from "./Patterns";
import { countText, dayText } from "./text";

/** The figures of one day by the ids of the series; one that is missing is 0. */
export interface DayFigures {
  /** YYYY-MM-DD. */
  day: string;
  figures: Record<string, number>;
}

/** "1,204". */
export const figureText = (count: number) => count.toLocaleString("en-US");

export function totalOf({ figures }: DayFigures, series: Series[]): number {
  return series.reduce((sum, { id }) => sum + (figures[id] ?? 0), 0);
}

/** The sum of all days for each series. */
export function sumsOf(series: Series[], days: DayFigures[]): DayFigures["figures"] {
  return Object.fromEntries(
    series.map(({ id }) => [id, days.reduce((sum, { figures }) => sum + (figures[id] ?? 0), 0)]),
  );
}

/** A picture in two sentences, for people who do not see it; `what` is "Calls", and `unit` "call" and "calls". */
export function summaryText(
  what: string,
  unit: [one: string, many: string],
  series: Series[],
  days: DayFigures[],
): string {
  const sums = sumsOf(series, days);
  const parts = series.flatMap(({ id, label }) => (sums[id] ? `${figureText(sums[id])} ${label.toLowerCase()}` : []));
  const most = days.reduce((best, day) => (totalOf(day, series) > totalOf(best, series) ? day : best));
  const all = countText(totalOf({ day: "", figures: sums }, series), false, ...unit);
  return `${what}: ${all} in ${days.length} days, ${parts.join(", ")}. Most on ${dayText(most.day)}: ${figureText(totalOf(most, series))}.`;
}
