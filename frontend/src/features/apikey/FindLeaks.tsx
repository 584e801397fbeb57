import { Anchor, Button, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { apikey, type model, window } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, type Plain } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useClosedByLock } from "../../shell/useClosedByLock";
import { BidiSafe, Modal, useFocusKept } from "../../ui";
import styles from "./ApiKey.module.css";
import { KeyStatus } from "./KeyStatus";
import type { Key } from "./types";
import { useKeyActions, useKeyRights } from "./useKeyActions";
import { useSecretCall } from "./useSecretCall";
import { isLive } from "./words";

type Leaks = Plain<model.apikey.Leaks>;

interface FindLeaksProps {
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** Looks for keys of this office in a text that others may have seen, such as a log. Nothing leaves this computer. */
export function FindLeaks({ onOpen, onClose }: FindLeaksProps) {
  const [text, setText] = useState("");
  const [file, setFile] = useState("");
  const [found, setFound] = useState<Leaks | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const search = useSecretCall(apikey.FindLeaks);
  useFocusKept(search.busy, () => box?.querySelector<HTMLElement>("[type=submit]"));
  if (!useClosedByLock(onClose)) return null;

  const look = async (what: string) => {
    setFault(null);
    setFound(null);
    setFound(await search.run({ text: what }));
  };
  const choose = async () => {
    setFault(null);
    try {
      const chosen = await ask(window.ReadText, { title: "Choose a file to look through", pattern: "" });
      if (!chosen.chosen) return;
      setFile(chosen.name);
      setText("");
      await look(chosen.text);
    } catch (cause) {
      setFault(faultOf(cause));
    }
  };
  const refused = fault ?? search.fault;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<strong>Look for leaked keys</strong>}
    >
      <form
        ref={setBox}
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (text) void look(text);
        }}
      >
        <Text>
          Looks for keys of this office in a text that others may have seen: a log, a script, a mail, a web page.
          Nothing leaves this computer.
        </Text>
        <Textarea
          label="Text to look through"
          data-autofocus
          rows={6}
          spellCheck={false}
          classNames={{ input: "mono" }}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setFile("");
            setFound(null);
          }}
        />
        <div className={styles.find} style={{ minHeight: "1.5rem" }} role="status">
          {found && <strong>{summaryOf(found, file)}</strong>}
        </div>
        {found && found.found.length > 0 && <Finds found={found} onOpen={onOpen} />}
        {refused && <FaultNote fault={refused} onClose={() => setFault(null)} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" mr="auto" disabled={search.busy} onClick={() => void choose()}>
            Choose a file …
          </Button>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={search.busy} disabled={!text}>
            Look for keys
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

/** "2 keys of this office are in app.log." */
function summaryOf({ found, foreign }: Leaks, file: string): string {
  const where = file ? `in ${file}` : "in this text";
  const own =
    found.length === 0
      ? `No key of this office is ${where}.`
      : found.length === 1
        ? `1 key of this office is ${where}.`
        : `${found.length} keys of this office are ${where}.`;
  if (foreign === 0) return own;
  return `${own} ${foreign === 1 ? "1 key" : `${foreign} keys`} of another office ${foreign === 1 ? "is" : "are"} there too.`;
}

function Finds({ found, onOpen }: { found: Leaks; onOpen: (id: string) => void }) {
  const may = useKeyRights();
  const actions = useKeyActions();
  const [revoked, setRevoked] = useState<string[]>([]);
  const revoke = async (key: Key) => {
    if (await actions.revoke(key)) setRevoked((now) => [...now, key.id]);
  };
  return (
    <>
      <ul className={styles.finds} aria-label="Keys that were found">
        {found.found.map(({ key, line, column, times, deleted }) => {
          const stopped = revoked.includes(key.id);
          const shown: Key = stopped ? { ...key, status: "revoked" } : key;
          return (
            <li key={key.id}>
              <div className={styles.find}>
                {deleted ? (
                  <BidiSafe text={key.title} />
                ) : (
                  <Anchor component="button" type="button" inherit onClick={() => onOpen(key.id)}>
                    <BidiSafe text={key.title} />
                  </Anchor>
                )}
                {!key.taken_over && <p className={`${styles.dimmed} ${styles.mask}`}>{key.mask}</p>}
                <p className={styles.dimmed}>
                  Line {line.toLocaleString("en-US")}, column {column.toLocaleString("en-US")}
                  {times > 1 && `, and ${times - 1} more ${times === 2 ? "time" : "times"}`}
                </p>
              </div>
              <Group gap="sm" wrap="nowrap">
                <KeyStatus apiKey={shown} />
                {may.edit && !deleted && isLive(key) && !stopped && (
                  <Button size="xs" color="red.8" aria-label={`Revoke ${key.title}`} onClick={() => void revoke(key)}>
                    Revoke
                  </Button>
                )}
              </Group>
            </li>
          );
        })}
      </ul>
      {actions.fault && <FaultNote fault={actions.fault} onClose={actions.clear} />}
    </>
  );
}
