import { Table } from "@mantine/core";
import styles from "./DaysChart.module.css";
import { type DayFigures, figureText, sumsOf, totalOf } from "./days";
import type { Series } from "./Patterns";
import { dayText } from "./text";

interface DaysTableProps {
  label: string;
  series: Series[];
  days: DayFigures[];
}

/** The figures of the picture, the newest day first. The arrows scroll it. */
export function DaysTable({ label, series, days }: DaysTableProps) {
  const sums = sumsOf(series, days);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
    <section className={`${styles.area} ${styles.scroller}`} aria-label={`${label} by day`} tabIndex={0}>
      <Table className={styles.table} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Day</Table.Th>
            {series.map(({ id, label: word }) => (
              <Table.Th key={id} scope="col">
                {word}
              </Table.Th>
            ))}
            <Table.Th scope="col">All</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...days].reverse().map((day) => (
            <Table.Tr key={day.day}>
              <Table.Th scope="row">{dayText(day.day)}</Table.Th>
              {series.map(({ id }) => (
                <Table.Td key={id}>{figureText(day.figures[id] ?? 0)}</Table.Td>
              ))}
              <Table.Td>{figureText(totalOf(day, series))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row">{days.length} days</Table.Th>
            {series.map(({ id }) => (
              <Table.Td key={id}>{figureText(sums[id] ?? 0)}</Table.Td>
            ))}
            <Table.Td>{figureText(totalOf({ day: "", figures: sums }, series))}</Table.Td>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </section>
  );
}
