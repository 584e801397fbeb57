import { Anchor } from "@mantine/core";
import { useMemo } from "react";
import { BidiSafe, Drawer, exactText, Note } from "../../ui";
import styles from "./Activity.module.css";
import { whoText } from "./columns";
import { differenceOf, type FieldChange } from "./difference";
import { Outcome } from "./Outcome";
import type { Entry } from "./types";
import { kindLabels, sourceLabels, whatText } from "./words";

/** One entry with the states before and after. It has no secrets: they were removed before it was recorded. */
export function EntryDrawer({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const refused = entry.outcome === "refused";
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="44rem"
      title={<BidiSafe text={titleOf(entry)} />}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 120 }}
    >
      {entry.damaged && (
        <Note tone="red">
          {entry.damaged} Somebody changed the data file, or the disk is damaged. What is shown here may not be what
          happened.
        </Note>
      )}
      <dl className={styles.about}>
        <dt>When</dt>
        <dd>{exactText(new Date(entry.at_ms))}</dd>
        <dt>Who</dt>
        <dd>
          <BidiSafe text={whoText(entry)} />
          {entry.roles && (
            <span className={styles.dimmed}>
              {" "}
              <BidiSafe text={entry.roles} />
            </span>
          )}
        </dd>
        <dt>From</dt>
        <dd>{sourceLabels[entry.source] ?? entry.source}</dd>
        <dt>{refused ? "Why" : (kindLabels[entry.kind] ?? "Which")}</dt>
        <dd>
          <Thing entry={entry} />
        </dd>
        <dt>Outcome</dt>
        <dd>
          <Outcome entry={entry} />
        </dd>
      </dl>
      {!refused && <Changes entry={entry} />}
    </Drawer>
  );
}

function titleOf(entry: Entry): string {
  const said = `${whoText(entry)} ${whatText(entry)}`;
  return entry.outcome === "refused" || !entry.object ? said : `${said} “${entry.object}”`;
}

const screens: Record<string, string> = { setup: "/setups", call: "/calls", provider: "/providers" };

function Thing({ entry }: { entry: Entry }) {
  const screen = screens[entry.kind];
  // A deleted thing, and a run of many calls, have no screen.
  const gone = entry.after === "" || entry.op === "call.test_all";
  if (!screen || !entry.object_id || gone) return <BidiSafe text={entry.object} />;
  return (
    <Anchor href={`#${screen}/${entry.object_id}`} inherit>
      <BidiSafe text={entry.object} />
    </Anchor>
  );
}

function Changes({ entry }: { entry: Entry }) {
  const changes = useMemo(() => differenceOf(entry.before, entry.after), [entry.before, entry.after]);
  if (changes.length === 0) return <p className={styles.dimmed}>None of the shown fields changed.</p>;
  const title = entry.before && entry.after ? "What changed" : entry.after ? "As created" : "Before it was deleted";
  return (
    <section aria-label={title}>
      <h3 className={styles.smallTitle}>{title}</h3>
      <table className={styles.changes}>
        <thead>
          <tr>
            <th scope="col">Field</th>
            {entry.before && <th scope="col">Before</th>}
            {entry.after && <th scope="col">After</th>}
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <ChangeRow key={change.label} change={change} entry={entry} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ChangeRow({ change, entry }: { change: FieldChange; entry: Entry }) {
  return (
    <tr>
      <th scope="row">
        <BidiSafe text={change.label} />
      </th>
      {entry.before && <Side text={change.before} />}
      {entry.after && <Side text={change.after} />}
    </tr>
  );
}

function Side({ text }: { text: string | null }) {
  return <td>{text === null ? <span className={styles.dimmed}>nothing</span> : <BidiSafe text={text} />}</td>;
}
