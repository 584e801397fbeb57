import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { apikey } from "../../bridge/api";
import { read } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useQueryAction } from "../../shell/useQueryAction";
import { BidiSafe, Drawer, ErrorState, Waiting } from "../../ui";
import { AccessLog } from "./AccessLog";
import styles from "./ApiKey.module.css";
import { KeyAbout } from "./KeyAbout";
import type { Doing } from "./KeyDialogs";
import { KeyUsage } from "./KeyUsage";
import type { Key } from "./types";
import { useKeyActions, useKeyRights } from "./useKeyActions";
import { isLive, usageEveryMs } from "./words";

interface KeyDrawerProps {
  id: string;
  onDo: (doing: Doing) => void;
  /** Shows another key: the one that took its place. */
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** A key's details: what it may do, how it is used, and every request with it (C15, C28, C30). */
export function KeyDrawer({ id, onDo, onOpen, onClose }: KeyDrawerProps) {
  const one = useQuery({ ...read(apikey.Get, { id }, { watches: ["process"] }), refetchInterval: usageEveryMs });
  useReplaceWanted(one.data, onDo);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="50.5rem"
      title={one.data ? <BidiSafe text={one.data.title} /> : "API key"}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      {one.error ? (
        <ErrorState trouble={one.error} onRetry={() => void one.refetch()} />
      ) : one.data ? (
        <div key={id} className={styles.panel}>
          <Buttons apiKey={one.data} onDo={onDo} onGone={onClose} />
          <KeyAbout apiKey={one.data} onOpen={onOpen} />
          <KeyUsage id={id} calls={one.data.calls} />
          <AccessLog keyId={id} />
        </div>
      ) : (
        <Waiting what="Reading the key" />
      )}
    </Drawer>
  );
}

/** Opens *Replace …* where the address asks for it, as a line of the dashboard does, once the key is read. */
function useReplaceWanted(key: Key | undefined, onDo: (doing: Doing) => void): void {
  const may = useKeyRights();
  const [wanted, setWanted] = useState(false);
  useQueryAction("replace", () => setWanted(true));
  useEffect(() => {
    if (!wanted || !key) return;
    setWanted(false);
    if (may.replace && isLive(key)) onDo({ what: "replace", key });
  }, [wanted, key, may.replace, onDo]);
}

interface ButtonsProps {
  apiKey: Key;
  onDo: (doing: Doing) => void;
  onGone: () => void;
}

/** What can be done with the key, as in its row. */
function Buttons({ apiKey, onDo, onGone }: ButtonsProps) {
  const may = useKeyRights();
  const actions = useKeyActions();
  const live = isLive(apiKey);
  if (!may.delete && (!may.edit || !live)) return null;
  const remove = async () => {
    if (await actions.remove(apiKey)) onGone();
  };
  return (
    <div>
      <Group gap="xs">
        {live && may.edit && (
          <>
            <Small label="Edit" onClick={() => onDo({ what: "edit", key: apiKey })} />
            {may.replace && <Small label="Replace …" onClick={() => onDo({ what: "replace", key: apiKey })} />}
            {apiKey.disabled_ms > 0 ? (
              <Small label="Enable" onClick={() => void actions.enable(apiKey)} />
            ) : (
              <Small label="Disable" onClick={() => void actions.disable(apiKey)} />
            )}
            <Small label="Revoke" onClick={() => void actions.revoke(apiKey)} />
          </>
        )}
        {may.delete && <Small label="Delete" onClick={() => void remove()} />}
      </Group>
      {actions.fault && (
        <div className={styles.inset}>
          <FaultNote fault={actions.fault} onClose={actions.clear} />
        </div>
      )}
    </div>
  );
}

function Small({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="xs" variant="default" onClick={onClick}>
      {label}
    </Button>
  );
}
