import { IconFlask, IconKeyOff, IconLockOpen } from "@tabler/icons-react";
import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import { channelLabels } from "../../shell/channels";
import { exactText, Mark, type TableColumn, VerdictBadge } from "../../ui";
import { cutAtHits } from "../../ui/text";
import styles from "./Setup.module.css";
import { agoText, authLabels, providerLabel } from "./words";

export type Row = Plain<model.setup.Row>;

interface Wants {
  /** What is searched for; its hits are marked. */
  term: string;
  nowMs: number;
  /** Some row's credentials need a word: its TLS check is off, or a secret cannot be read. Its column then needs room. */
  someMarked: boolean;
  /** Some row is off. */
  someOff: boolean;
  /** Some last result is the simulator's; its column then needs room to say so. */
  someSimulated: boolean;
  /** The window is too narrow for the longest words: the columns are tighter, so that all of them are visible. */
  narrow: boolean;
}

/** The columns in the order of A50, then Provider and Last result. */
export function columnsFor({ term, nowMs, someMarked, someOff, someSimulated, narrow }: Wants): TableColumn<Row>[] {
  const text = (
    id: "process" | "sub_process" | "sub_sub_process",
    header: string,
    width: string,
  ): TableColumn<Row> => ({
    id,
    header,
    sort: id,
    width,
    cell: (row) => <Mark text={row[id]} term={term} />,
    title: (row) => row[id],
  });
  return [
    text("process", "Process", narrow ? "minmax(4.5rem, 1fr)" : "minmax(6rem, 1fr)"),
    text("sub_process", "Sub Process", narrow ? "minmax(4.5rem, 1fr)" : "minmax(6.5rem, 1fr)"),
    text("sub_sub_process", "Sub Sub Process", narrow ? "minmax(5rem, 1fr)" : "minmax(8rem, 1fr)"),
    {
      id: "stage",
      header: "Stage",
      sort: "stage",
      width: narrow ? "minmax(5rem, 1fr)" : "minmax(6rem, 1fr)",
      cell: (row) => <Mark text={stageText(row)} term={term} />,
      title: stageText,
    },
    {
      id: "auth_type",
      header: "Auth Type",
      sort: "auth_type",
      width: narrow ? (someMarked ? "8.25rem" : "6.75rem") : someMarked ? "minmax(14rem, 1fr)" : "7rem",
      cell: (row) => (
        <>
          <Mark text={authLabels[row.auth_type]} term={term} />
          {row.tls_off && <TlsOff iconOnly={narrow} />}
          {row.unreadable && <EnterAgain iconOnly={narrow} />}
        </>
      ),
      title: (row) =>
        authLabels[row.auth_type] +
        (row.tls_off ? ", TLS check off" : "") +
        (row.unreadable ? ", a stored secret can no longer be read: enter it again" : ""),
    },
    {
      id: "channel",
      header: "Key For",
      sort: "channel",
      width: narrow ? "minmax(5.5rem, 1.3fr)" : "9.5rem",
      cell: (row) => <Mark text={channelLabels[row.channel]} term={term} />,
      title: (row) => channelLabels[row.channel],
    },
    {
      id: "provider",
      header: "Provider",
      sort: "provider",
      width: `minmax(${narrow ? "5.25rem" : "7rem"}, ${term ? "1.5fr" : "1fr"})`,
      cell: (row) => <ProviderCell row={row} term={term} />,
      title: (row) => [providerText(row), row.name, row.url].filter(Boolean).join(", "),
    },
    {
      id: "verdict",
      header: "Last result",
      sort: "verdict",
      width: resultWidth(narrow, someSimulated, someOff),
      cell: (row) => (
        <span className={styles.result}>
          {!row.enabled && <span className={styles.off}>Off</span>}
          <VerdictBadge
            verdict={row.last_at_ms ? row.last_verdict : "never"}
            suffix={row.last_at_ms ? narrow ? <LastShort row={row} nowMs={nowMs} /> : lastText(row, nowMs) : undefined}
          />
        </span>
      ),
      title: lastTitle,
    },
  ];
}

/** Room for the longest result with "Off" before it. */
function resultWidth(narrow: boolean, someSimulated: boolean, someOff: boolean): string {
  if (narrow) return someSimulated ? (someOff ? "12.75rem" : "10.75rem") : someOff ? "11.5rem" : "9.5rem";
  if (someSimulated) return someOff ? "14rem" : "11.5rem";
  return someOff ? "12rem" : "9.5rem";
}

/** The provider's name, or its id if the file is gone. */
function providerText(row: Row): string {
  return row.provider_name || providerLabel(row.provider);
}

/** What follows the last result: how long ago it was, or that nothing was sent, with the time on hover. */
function lastText(row: Row, nowMs: number): string {
  return row.last_simulated ? "simulated" : agoText(row.last_at_ms, nowMs);
}

/** The same in little room: the simulator is an icon, and a word for screen readers. */
function LastShort({ row, nowMs }: { row: Row; nowMs: number }) {
  return (
    <span className={styles.lastShort}>
      {row.last_simulated && (
        <>
          <IconFlask size={14} stroke={2} aria-hidden />
          <span className="visually-hidden">simulated, </span>
        </>
      )}
      {agoText(row.last_at_ms, nowMs)}
    </span>
  );
}

function lastTitle(row: Row): string {
  if (!row.last_at_ms) return "Not tested yet";
  const when = exactText(new Date(row.last_at_ms));
  return row.last_simulated ? `${when}, answered by the simulator` : when;
}

/** A setup with no stage serves all of them. */
function stageText(row: Row): string {
  return row.stage || "Every stage";
}

/** In red wherever it appears (R7). */
export function TlsOff({ iconOnly = false }: { iconOnly?: boolean }) {
  return (
    <span className={styles.tlsOff}>
      <IconLockOpen size={14} aria-hidden />{" "}
      <span className={iconOnly ? "visually-hidden" : undefined}>TLS check off</span>
    </span>
  );
}

/** A stored secret of it can no longer be read. */
function EnterAgain({ iconOnly }: { iconOnly: boolean }) {
  return (
    <span className={styles.tlsOff}>
      <IconKeyOff size={14} aria-hidden />{" "}
      <span className={iconOnly ? "visually-hidden" : undefined}>Enter secret again</span>
    </span>
  );
}

/** Name and URL have no column, but are searched: a hit in one of them is shown here. */
function ProviderCell({ row, term }: { row: Row; term: string }) {
  const shown = [row.process, row.sub_process, row.sub_sub_process, stageText(row), authLabels[row.auth_type]];
  shown.push(channelLabels[row.channel], providerText(row));
  const unseen = term.split(/\s+/).filter((word) => word && !shown.some((text) => holds(text, word)));
  const found = [row.name, row.url].filter((text) => unseen.some((word) => holds(text, word)));
  return (
    <>
      <Mark text={providerText(row)} term={term} />
      {found.map((text) => (
        <span key={text} className={styles.foundIn}>
          <Mark text={aroundHit(text, unseen.join(" "))} term={term} />
        </span>
      ))}
    </>
  );
}

function holds(text: string, word: string): boolean {
  return cutAtHits(text, word).some((piece) => piece.hit);
}

/** A long name or URL is cut so that its hit stays visible. */
function aroundHit(text: string, term: string): string {
  const before = cutAtHits(text, term)[0];
  if (!before || before.hit || before.text.length <= 8) return text;
  return `…${text.normalize("NFC").slice(before.text.length - 4)}`;
}
