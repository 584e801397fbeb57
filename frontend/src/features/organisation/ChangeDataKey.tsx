import { useEffect, useState } from "react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { Modal } from "../../ui";
import { ConfirmDataKey } from "./ConfirmDataKey";
import { MakeDataKey } from "./MakeDataKey";

interface ChangeDataKeyProps {
  byPassphrase: boolean;
  onClose: () => void;
}

/** Changes the data key: makes a new one, shows its recovery code, and seals everything again once that is confirmed. */
export function ChangeDataKey({ byPassphrase, onClose }: ChangeDataKeyProps) {
  const { state } = useSession();
  const [begun, setBegun] = useState<Plain<model.organisation.Begun> | null>(null);
  const [busy, setBusy] = useState(false);
  // A locked window must not keep a recovery code.
  useEffect(() => {
    if (state !== "ready") onClose();
  }, [state, onClose]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>Change the data key</strong>}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
    >
      {begun ? (
        <ConfirmDataKey begun={begun} onBusy={setBusy} onClose={onClose} />
      ) : (
        <MakeDataKey byPassphrase={byPassphrase} onBusy={setBusy} onMade={setBegun} onClose={onClose} />
      )}
    </Modal>
  );
}
