import { Anchor } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { openLink } from "../../bridge/runtime";
import styles from "./Call.module.css";

/** Says where to see whether a message arrived, since Keydesk cannot (R8). */
export function Delivery({ page }: { page: string }) {
  return (
    <p className={styles.hint}>
      Keydesk cannot see delivery; check{" "}
      <Anchor component="button" type="button" inherit title={page} onClick={() => openLink(page)}>
        the provider's page
        <IconExternalLink size={14} aria-hidden className={styles.linkIcon} />
      </Anchor>
      .
    </p>
  );
}
