import { UnstyledButton } from "@mantine/core";
import { IconBell, IconBellRinging } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { alert } from "../bridge/api";
import { useCan } from "../bridge/can";
import { read } from "../bridge/query";
import styles from "./Frame.module.css";

const AlertList = lazy(() => import("./AlertList"));

/** The bell with the number of unread alerts, which opens their list. For who may see what they are about. */
export function AlertBell() {
  const maySee = useCan(alert.List);
  const newest = useQuery(read(alert.List, { before: 0, limit: 1 }, { enabled: maySee }));
  const [open, setOpen] = useState(false);
  if (!maySee) return null;
  const unread = newest.data?.unseen ?? 0;
  const Icon = unread > 0 ? IconBellRinging : IconBell;
  return (
    <>
      <UnstyledButton
        className={styles.bell}
        data-unread={unread > 0 || undefined}
        aria-label={unread > 0 ? `Alerts, ${unread} unread` : "Alerts"}
        title="Alerts"
        onClick={() => setOpen(true)}
      >
        <Icon size={16} aria-hidden />
        {unread > 0 && (
          <span className={styles.unread} aria-hidden>
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </UnstyledButton>
      {open && (
        <Suspense>
          <AlertList onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
