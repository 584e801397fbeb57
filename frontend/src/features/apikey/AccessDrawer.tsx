import { Drawer } from "../../ui";
import { AccessLog } from "./AccessLog";
import styles from "./ApiKey.module.css";

/** Every request to the local API, also those without a good key (C30). */
export function AccessDrawer({ onClose }: { onClose: () => void }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="58.5rem"
      title="Access log"
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      <div className={styles.whole}>
        <AccessLog keyId="" />
      </div>
    </Drawer>
  );
}
