import { BidiSafe } from "../../ui";
import styles from "./Provider.module.css";

/** Where requests go, with a note on those that are not encrypted. */
export function Hosts({ hosts }: { hosts: string[] }) {
  return (
    <ul className={styles.hosts} aria-label="Hosts">
      {hosts.map((host) => (
        <li key={host}>
          <code className="mono">
            <BidiSafe text={host.replace(/^https:\/\//, "")} />
          </code>
          {host.startsWith("http://") && " (not encrypted on its way)"}
        </li>
      ))}
    </ul>
  );
}
