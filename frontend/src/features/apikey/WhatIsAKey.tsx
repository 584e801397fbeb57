import { CloseButton } from "@mantine/core";
import styles from "./ApiKey.module.css";

/** What an API key is and what it is good for, for somebody who has never used one (B15). */
export function WhatIsAKey({ onClose }: { onClose: () => void }) {
  return (
    <aside className={styles.help} aria-labelledby="what-is-a-key">
      <div className={styles.helpHead}>
        <h2 id="what-is-a-key">What is an API key?</h2>
        <CloseButton size="sm" aria-label="Close the explanation" onClick={onClose} />
      </div>
      <p>
        A password for a program. When another system, such as your CRM or your shop, asks Keydesk to do something, it
        shows its key. By the key Keydesk knows which system asks, and what it may do.
      </p>
      <p>
        So your systems work together by themselves: your CRM marks an order as shipped, and the customer gets the
        message. Nobody types it a second time.
      </p>
      <ul>
        <li>Make one key for each system. Then one can be stopped while the others go on.</li>
        <li>Give a key a name that tells who uses it, and only what that system needs.</li>
        <li>Keep it like a password. Keydesk shows it once and cannot show it again.</li>
        <li>A key that is lost is replaced. One that was stolen is revoked, and refused from the next request on.</li>
      </ul>
    </aside>
  );
}
