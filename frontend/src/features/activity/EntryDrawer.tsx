import { Anchor } from "@mantine/core";
import { useMemo } from "react";
import { BidiSafe, Drawer, exactText, Note } from "../../ui";
import styles from "./Activity.module.css";
import { thingText, whoText } from "./columns";
import { differenceOf, type FieldChange } from "./difference";
import { Outcome } from "./Outcome";
import type { Entry } from "./types";
import { isBreak, kindLabels, sourceLabels, whatText } from "./words";

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
      {isBreak(entry) ? <Break entry={entry} /> : !refused && <Changes entry={entry} />}
    </Drawer>
  );
}

/** What a break means for the entries on both sides of it. */
function Break({ entry }: { entry: Entry }) {
  return (
    <p>
      A key that proves the activity could not be opened: its stored bytes were changed or removed outside Keydesk.
      Keydesk made a new one, and a new chain begins here. The entries before number {entry.seq.toLocaleString("en-US")}{" "}
      are still linked and can be read, but Keydesk can no longer prove by its key that it wrote them. Find out who
      could change the data folder.
    </p>
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
  const gone = (entry.after === "" && !entry.erased.includes("after")) || entry.op === "call.test_all";
  if (!screen || !entry.object_id || gone) return <BidiSafe text={thingText(entry)} />;
  return (
    <Anchor href={`#${screen}/${entry.object_id}`} inherit>
      <BidiSafe text={thingText(entry)} />
    </Anchor>
  );
}

function Changes({ entry }: { entry: Entry }) {
  const changes = useMemo(() => differenceOf(entry.before, entry.after), [entry.before, entry.after]);
  const erased = ["before", "after"].filter((state) => entry.erased.includes(state));
  if (erased.length > 0) {
    const what = erased.length === 2 ? "The states before and after were" : `The state ${erased[0]} was`;
    return (
      <p className={styles.dimmed}>
        {what} erased, because a text in it must not be read any more. The entries of the kind Erasure say who erased it
        and when.
      </p>
    );
  }
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
