import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./BarTable.module.css";
import { figureText } from "./days";

export interface BarRow {
  id: string;
  label: ReactNode;
  count: number;
  /** The address where these are listed. */
  href?: string;
}

interface BarTableProps {
  /** The id of the heading that names it. */
  labelledBy: string;
  /** The heads of the two columns, for screen readers: "Status", "Keys". */
  heads: [string, string];
  rows: BarRow[];
}

/** A few figures as a table, each with a bar beside it. The word and the figure are always there, so no colour is needed. */
export function BarTable({ labelledBy, heads, rows }: BarTableProps) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <table className={styles.table} aria-labelledby={labelledBy}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              <span className="visually-hidden">{head}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, label, count, href }) => (
          <tr key={id}>
            <th scope="row">
              {href ? (
                <Anchor href={href} inherit c="inherit">
                  {label}
                </Anchor>
              ) : (
                label
              )}
            </th>
            <td>
              <div className={styles.figure}>
                <span className={styles.track} aria-hidden>
                  <span className={styles.bar} style={{ width: `${(count / most) * 100}%` }} />
                </span>
                {figureText(count)}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
