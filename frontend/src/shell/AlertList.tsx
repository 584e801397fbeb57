import { Anchor, Button } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { alert, type model } from "../bridge/api";
import { useCan } from "../bridge/can";
import { type Plain, pages, write } from "../bridge/query";
import { BidiSafe, Drawer, EmptyState, ErrorState, RelativeDate, Waiting } from "../ui";
import styles from "./AlertList.module.css";

type Alert = Plain<model.alert.Alert>;

/** The alerts, the newest first. Opening the list marks them as read; those that were unread stay marked until it closes. */
export default function AlertList({ onClose }: { onClose: () => void }) {
  const list = useInfiniteQuery(
    pages(
      alert.List,
      { before: 0, limit: 30 },
      { turn: ({ alerts, more }) => (more ? { before: alerts.at(-1)?.seq ?? 0 } : null) },
    ),
  );
  const { mutate: markRead } = useMutation(write(alert.Seen));
  const first = list.data?.pages[0];
  const newest = first?.alerts[0]?.seq ?? 0;
  const unread = first?.unseen ?? 0;
  const [seenBefore, setSeenBefore] = useState<number | null>(null);
  if (first && seenBefore === null) setSeenBefore(first.seen_seq);
  const marked = useRef(0);
  useEffect(() => {
    if (unread === 0 || marked.current >= newest) return;
    marked.current = newest;
    markRead({ seq: newest });
  }, [unread, newest, markRead]);

  const alerts = list.data?.pages.flatMap((page) => page.alerts) ?? [];
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="30rem"
      title={<strong>Alerts</strong>}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      {list.error && alerts.length === 0 ? (
        <ErrorState trouble={list.error} onRetry={() => void list.refetch()} />
      ) : !first ? (
        <Waiting what="Reading the alerts" />
      ) : alerts.length === 0 ? (
        <EmptyState
          title="No alerts."
          text="Keydesk warns here 14 and 3 days before an API key expires, and on its last day."
        />
      ) : (
        <>
          <ul className={styles.list}>
            {alerts.map((one) => (
              <Line key={one.id} alert={one} isNew={one.seq > (seenBefore ?? 0)} onLeave={onClose} />
            ))}
          </ul>
          {list.hasNextPage && (
            <Button
              variant="default"
              size="xs"
              mt="sm"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Show older
            </Button>
          )}
        </>
      )}
      <SettingsLink onLeave={onClose} />
    </Drawer>
  );
}

function SettingsLink({ onLeave }: { onLeave: () => void }) {
  if (!useCan(alert.Settings)) return null;
  return (
    <p className={styles.settings}>
      <Anchor href="#/settings/alerts" size="sm" onClick={onLeave}>
        Where alerts go
      </Anchor>
    </p>
  );
}

interface LineProps {
  alert: Alert;
  isNew: boolean;
  onLeave: () => void;
}

function Line({ alert: one, isNew, onLeave }: LineProps) {
  const message = messageTexts[one.message] ?? "";
  return (
    <li className={styles.line} data-new={isNew || undefined}>
      <p className={styles.text}>
        {isNew && <span className={styles.new}>New</span>}
        API key{" "}
        <Anchor href={`#/keys/${one.object_id}`} onClick={onLeave} inherit>
          <BidiSafe text={one.object} />
        </Anchor>{" "}
        {endText(one, Date.now())}
      </p>
      <p className={styles.about}>
        <RelativeDate at={new Date(one.at_ms)} />
        {message && (
          <>
            {" · "}
            {one.call_id ? (
              <Anchor href={`#/calls/${one.call_id}`} onClick={onLeave} inherit>
                {message}
              </Anchor>
            ) : (
              message
            )}
          </>
        )}
      </p>
    </li>
  );
}

/** "expires on 31 March 2026, 3 days after this alert." What it says stays true when it is read later. */
export function endText({ ends_ms, last_day, days_left, lead_days }: Alert, nowMs: number): string {
  const day = new Date(`${last_day}T12:00:00`).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  if (lead_days < 0 || nowMs >= ends_ms) return `has expired, on ${day}.`;
  if (days_left === 0) return `expires on ${day}, the day of this alert.`;
  return `expires on ${day}, ${days_left === 1 ? "1 day" : `${days_left} days`} after this alert.`;
}

const messageTexts: Record<string, string> = {
  waiting: "The message waits to be sent",
  sending: "The message is being sent",
  not_sent: "The message could not be sent",
  accepted: "Message sent",
  refused: "The message was refused",
  throttled: "The message was put off too often",
  failed: "The message could not be sent",
  unclear: "The message may have been sent",
};
