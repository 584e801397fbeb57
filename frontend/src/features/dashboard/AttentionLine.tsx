import { Anchor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCertificateOff,
  IconCircleX,
  IconClockExclamation,
  IconClockX,
  IconKeyOff,
  IconLockExclamation,
  IconPlayerPause,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { BidiSafe, RelativeDate } from "../../ui";
import styles from "./Dashboard.module.css";
import { Fix } from "./Fix";
import type { Item } from "./types";

interface Look {
  Icon: ComponentType<{ size?: number }>;
  /** Red for what does not work, amber for what will not, or waits. */
  tone: "red" | "amber";
  text: (item: Item) => ReactNode;
}

const looks: Record<string, Look> = {
  keys_unavailable: {
    Icon: IconKeyOff,
    tone: "red",
    text: ({ text }) => <>{text} Every request with a key is refused.</>,
  },
  key_damaged: {
    Icon: IconAlertTriangle,
    tone: "red",
    text: (item) => (
      <>
        The API key <Key {...item} /> can no longer be checked, so it is refused. Delete it and make a new one.
      </>
    ),
  },
  key_expired: {
    Icon: IconClockX,
    tone: "red",
    text: (item) => (
      <>
        The API key <Key {...item} /> expired <RelativeDate at={new Date(item.at_ms - 1)} />.
      </>
    ),
  },
  key_expiring: {
    Icon: IconClockExclamation,
    tone: "amber",
    text: (item) => (
      <>
        The API key <Key {...item} /> expires <RelativeDate at={new Date(item.at_ms - 1)} />.
      </>
    ),
  },
  setup_unreadable: {
    Icon: IconLockExclamation,
    tone: "red",
    text: (item) => (
      <>
        A secret of <Setup {...item} /> cannot be read, so it cannot send.
      </>
    ),
  },
  setup_failing: {
    Icon: IconCircleX,
    tone: "red",
    text: (item) => (
      <>
        The last call of <Setup {...item} /> {item.verdict === "failed" ? "failed" : "was refused"},{" "}
        <RelativeDate at={new Date(item.at_ms)} />.
      </>
    ),
  },
  local_api: {
    Icon: IconPlugConnectedX,
    tone: "red",
    text: ({ text }) => <>Other systems cannot reach the local API. {text}</>,
  },
  sending_paused: {
    Icon: IconPlayerPause,
    tone: "amber",
    text: () => "Sending is paused: what other systems want to send is refused.",
  },
  certificate: { Icon: IconCertificateOff, tone: "amber", text: ({ text }) => text },
};

const unknown: Look = { Icon: IconAlertTriangle, tone: "amber", text: ({ text, name }) => text || name };

/** One thing that needs somebody, in a sentence. */
export function AttentionLine({ item }: { item: Item }) {
  const { Icon, tone, text } = looks[item.kind] ?? unknown;
  return (
    <li className={styles.line} data-tone={tone}>
      <Icon size={18} aria-hidden />
      <span>{text(item)}</span>
      <Fix item={item} />
    </li>
  );
}

function Key({ id, name }: Item) {
  return <Named href={`#/keys/${encodeURIComponent(id)}`} name={name} />;
}

function Setup({ id, name }: Item) {
  return <Named href={`#/setups/${encodeURIComponent(id)}`} name={name} />;
}

/** The name of a key or setup, which leads to it. */
function Named({ href, name }: { href: string; name: string }) {
  return (
    <>
      “
      <Anchor href={href} inherit fw={600} c="inherit" underline="always">
        <BidiSafe text={name} />
      </Anchor>
      ”
    </>
  );
}
