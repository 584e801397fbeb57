import { useMemo } from "react";
import { BidiSafe } from "../../ui";
import styles from "./Call.module.css";
import { compareLines } from "./lines";

interface SideBySideProps {
  title: string;
  left: string;
  right: string;
  onlyChanges: boolean;
}

/** More lines would slow the window, and nobody compares that many. */
const maxShown = 2000;

/** One part of two calls side by side; lines that differ are marked with a colour and a sign. */
export function SideBySide({ title, left, right, onlyChanges }: SideBySideProps) {
  const pairs = useMemo(() => compareLines(left, right), [left, right]);
  const changes = pairs.filter((pair) => !pair.same).length;
  const wanted = onlyChanges ? pairs.filter((pair) => !pair.same) : pairs;
  return (
    <section aria-label={title}>
      <h3 className={styles.smallTitle}>
        {title} <span className={styles.dimmed}>{changes === 0 ? "the same" : counted(changes)}</span>
      </h3>
      {wanted.length > 0 && !(pairs.length === 1 && left === "" && right === "") && (
        <table className={styles.lines} aria-label={`${title}, the other call on the left, this call on the right`}>
          <tbody>
            {wanted.slice(0, maxShown).map((pair, index) => (
              <tr key={index} data-changed={!pair.same || undefined}>
                <Side text={pair.left} sign={pair.same ? "" : "−"} />
                <Side text={pair.right} sign={pair.same ? "" : "+"} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {wanted.length > maxShown && (
        <p className={styles.dimmed}>Only the first {maxShown.toLocaleString("en-US")} lines are shown.</p>
      )}
    </section>
  );
}

function Side({ text, sign }: { text: string | null; sign: string }) {
  return (
    <td data-missing={text === null || undefined}>
      {text !== null && (
        <>
          <span className={styles.sign} aria-hidden>
            {sign}
          </span>
          {sign && <span className="visually-hidden">{sign === "+" ? "Here: " : "There: "}</span>}
          <BidiSafe text={text} />
        </>
      )}
    </td>
  );
}

function counted(changes: number): string {
  return changes === 1 ? "1 line differs" : `${changes.toLocaleString("en-US")} lines differ`;
}
