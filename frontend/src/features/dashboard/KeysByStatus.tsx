import { Anchor } from "@mantine/core";
import { KeyStatusBadge } from "../../shell/KeyStatusBadge";
import { BarTable } from "../../ui";
import styles from "./Dashboard.module.css";
import type { Report } from "./types";

/** How many API keys have each status. A status leads to its keys. */
export function KeysByStatus({ keys }: { keys: Report["keys"] }) {
  return (
    <section className={styles.part} aria-labelledby="keys-by-status">
      <div className={styles.head}>
        <h2 id="keys-by-status">API keys</h2>
        <Anchor href="#/keys" inherit>
          All keys
        </Anchor>
      </div>
      {keys.every(({ keys: count }) => count === 0) ? (
        <p className={styles.none}>No API keys yet.</p>
      ) : (
        <BarTable
          labelledBy="keys-by-status"
          heads={["Status", "Keys"]}
          rows={keys.map(({ status, keys: count }) => ({
            id: status,
            label: <KeyStatusBadge status={status} />,
            count,
            href: `#/keys?status=${status}`,
          }))}
        />
      )}
    </section>
  );
}
