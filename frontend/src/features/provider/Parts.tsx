import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { BidiSafe } from "../../ui";
import { Badge } from "./Badge";
import { FieldTable } from "./FieldTable";
import { Hosts } from "./Hosts";
import styles from "./Provider.module.css";
import type { Form } from "./types";
import { badgeSays, channelsText, markLabels, originLabels, originOf, outcomeLabels, setupsText } from "./words";

/** The provider in short: what it is for, how well it is known, where its requests go, what uses it. */
export function About({ form }: { form: Form }) {
  const { provider: one } = form;
  const maySee = useCan(setup.List);
  return (
    <dl className={styles.about}>
      <dt>Key For</dt>
      <dd>{channelsText(one.channels)}</dd>
      <dt>How it is known</dt>
      <dd>
        <Badge mark={one.marks.badge} />
        <span className={styles.small}>{badgeSays[one.marks.badge]}</span>
        <span className={styles.small}>
          Request: {lower(markLabels[one.marks.request])}. Answers that mean accepted:{" "}
          {lower(markLabels[one.marks.success])}. Errors: {lower(markLabels[one.marks.errors])}.
        </span>
        {one.marks.success === "U" && (
          <span className={styles.small}>So an answer that looks right is shown as unclear, never as accepted.</span>
        )}
      </dd>
      <dt>Requests go to</dt>
      <dd>
        <Hosts hosts={form.hosts} />
      </dd>
      <dt>Used by</dt>
      <dd>
        {form.setups > 0 && maySee ? (
          <Anchor href={`#/setups?search=${encodeURIComponent(one.name)}`} inherit>
            {setupsText(form.setups)}
          </Anchor>
        ) : (
          setupsText(form.setups)
        )}
      </dd>
      <dt>From</dt>
      <dd>
        {originLabels[originOf(one)]}, version {one.version}, <code className="mono">{one.id}</code>
      </dd>
    </dl>
  );
}

function lower(text: string): string {
  return text.toLowerCase();
}

/** What is filled in, what can be checked, and what can be played. */
export function Parts({ form }: { form: Form }) {
  const rows = form.provider.rows ?? [];
  return (
    <>
      <Part title="Fields">
        <p className={styles.dimmed}>
          Fields of the account are the same for every message; fields of the message can hold stage fields.
        </p>
        <FieldTable fields={form.provider.fields} />
        {rows.map((table) => (
          <p key={table.id}>
            <strong>
              <BidiSafe text={table.label} />
            </strong>
            , a small table in the setup. <BidiSafe text={table.help} />
          </p>
        ))}
      </Part>
      <Part title="Check this credential">
        <p>
          {form.probe_says ? (
            <BidiSafe text={form.probe_says} />
          ) : (
            "It cannot be checked: no request is known that proves a key without sending a message."
          )}
        </p>
      </Part>
      <Part title="The simulator can play">
        <ul className={styles.outcomes}>
          {form.outcomes.map((outcome) => (
            <li key={outcome.id}>
              {outcomeLabels[outcome.id] ?? outcome.id}
              {!outcome.documented && (
                <span className={styles.dimmed}>, as a bare status: nobody described the provider's own answer</span>
              )}
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className={styles.part}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
