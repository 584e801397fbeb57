import { Button, Group, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { apikey } from "../../bridge/api";
import { type Fault, faultOf } from "../../bridge/fault";
import { ask, write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { FaultNote } from "../../shell/FaultNote";
import { Modal, useFocusKept, useUnsaved, withTyped } from "../../ui";
import styles from "./ApiKey.module.css";
import { ExpiryField } from "./ExpiryField";
import { focusFirstProblem } from "./focusFirstProblem";
import { errorsOf } from "./keyDraft";
import type { MenuPath } from "./menuPath";
import { dayOf, dayText, type TermDraft, termOf } from "./term";
import type { Key } from "./types";
import { lastMoment } from "./words";

interface EditKeyProps {
  apiKey: Key;
  menu: MenuPath;
  onClose: () => void;
}

interface Draft {
  title: string;
  term: TermDraft;
}

const draftOf = (key: Key): Draft => ({ title: key.title, term: { choice: "keep", days: "", date: "" } });

/** Changes a key's title and end, never what it may do (C14, E11). */
export function EditKey({ apiKey, menu, onClose }: EditKeyProps) {
  const { time_zone } = useSession();
  // The key as opened: a newer version that arrives meanwhile must not be overwritten unseen.
  const [start, setStart] = useState(apiKey);
  const [draft, setDraft] = useState(() => draftOf(apiKey));
  const [fault, setFault] = useState<Fault | null>(null);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const save = useMutation(write(apikey.Edit));
  const before = draftOf(start);
  const dirty = JSON.stringify(draft) !== JSON.stringify(before);
  const { mayLeave, release } = useUnsaved(dirty, "this key");
  const errors = errorsOf(fault);
  useFocusKept(save.isPending, () => box?.querySelector<HTMLElement>("[type=submit]"));

  const close = async () => {
    if (await mayLeave()) onClose();
  };
  const change = (part: Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...part }));
    if (Object.keys(errors).length > 0) setFault(null);
  };
  const update = () => {
    if (save.isPending) return;
    setFault(null);
    save.mutate(
      {
        id: start.id,
        version: start.version,
        title: draft.title,
        expires: draft.term.choice === "keep" ? undefined : termOf(draft.term),
      },
      {
        onError: (cause) => {
          setFault(faultOf(cause));
          focusFirstProblem(box);
        },
        onSuccess: (saved) => {
          notifications.show({ message: `Saved “${saved.title}”.` });
          release();
          onClose();
        },
      },
    );
  };
  // Somebody else has changed it: their change comes into the fields that were not touched here.
  const reload = async () => {
    try {
      const fresh = await ask(apikey.Get, { id: start.id });
      setDraft((now) => withTyped(before, now, draftOf(fresh)));
      setStart(fresh);
      setFault(null);
    } catch (cause) {
      setFault(faultOf(cause));
    }
  };
  return (
    <Modal
      opened
      onClose={() => void close()}
      size="41rem"
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<strong>Edit {start.title}</strong>}
    >
      <form
        ref={setBox}
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          update();
        }}
      >
        <TextInput
          label={menu.name}
          withAsterisk
          data-autofocus
          dir="auto"
          maxLength={200}
          autoComplete="off"
          value={draft.title}
          error={errors.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <ExpiryField
          term={draft.term}
          error={errors.expires}
          kept={
            start.expires_ms > 0
              ? `The last day is ${dayText(dayOf(lastMoment(start.expires_ms), time_zone))}.`
              : "It never expires."
          }
          onChange={(term) => change({ term })}
        />
        <p className={styles.dimmed}>
          What a key may do never changes. To give it more or less, make a new key and revoke this one.
        </p>
        {fault && Object.keys(errors).length === 0 && <FaultNote fault={fault} onReload={() => void reload()} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => void close()}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Update
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
