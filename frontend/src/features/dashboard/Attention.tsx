import { Anchor } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Fragment } from "react";
import { AttentionLine } from "./AttentionLine";
import styles from "./Dashboard.module.css";
import type { Report } from "./types";
import { moreWords } from "./words";

/** What needs somebody, the most urgent first, each line with the button that fixes it. */
export function Attention({ report: { attention, more } }: { report: Report }) {
  return (
    <section className={styles.part} aria-labelledby="needs-attention">
      <h2 id="needs-attention">Needs attention</h2>
      {attention.length === 0 ? (
        <p className={styles.well}>
          <IconCircleCheck size={18} aria-hidden />
          Nothing needs attention.
        </p>
      ) : (
        <ul className={styles.lines}>
          {attention.map((item, at) => (
            <Fragment key={`${item.kind} ${item.id}`}>
              <AttentionLine item={item} />
              {attention[at + 1]?.kind !== item.kind && <More kind={item.kind} count={more[item.kind] ?? 0} />}
            </Fragment>
          ))}
        </ul>
      )}
    </section>
  );
}

function More({ kind, count }: { kind: string; count: number }) {
  const words = moreWords[kind];
  if (!words || count === 0) return null;
  return (
    <li className={styles.more}>
      <Anchor href={words.href} inherit>
        and {count.toLocaleString("en-US")} more {count === 1 ? words.one : words.many}
      </Anchor>
    </li>
  );
}
