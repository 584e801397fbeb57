import { Button, Checkbox, Group, SegmentedControl, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { apikey } from "../../bridge/api";
import { FaultNote } from "../../shell/FaultNote";
import { useClosedByLock } from "../../shell/useClosedByLock";
import { ErrorState, Modal, SecretInput, useFocusKept, useUnsaved } from "../../ui";
import styles from "./ApiKey.module.css";
import { focusFirstProblem } from "./focusFirstProblem";
import { KeyFields } from "./KeyFields";
import { errorsOf } from "./keyDraft";
import type { MenuPath } from "./menuPath";
import { useKeyDraft } from "./useKeyDraft";
import { useSecretCall } from "./useSecretCall";

interface TakeOverProps {
  menu: MenuPath;
  onClose: () => void;
}

/** Takes over a key that was made elsewhere, by its value or by the SHA-256 of it (C35, X6). */
export function TakeOver({ menu, onClose }: TakeOverProps) {
  const form = useKeyDraft();
  const [by, setBy] = useState("value");
  const [value, setValue] = useState("");
  const [sha256, setSha256] = useState("");
  const [random, setRandom] = useState(false);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const take = useSecretCall(apikey.TakeOver, ["apikey"]);
  const { mayLeave, release } = useUnsaved(form.dirty || value !== "" || sha256 !== "", "this key");
  const errors = form.errorsWith(take.fault);
  const weak = take.fault?.code === "apikey.weak";
  useFocusKept(take.busy, () => box?.querySelector<HTMLElement>("[type=submit]"));
  if (!useClosedByLock(onClose)) return null;

  const close = async () => {
    if (!take.busy && (await mayLeave())) onClose();
  };
  const send = async () => {
    const input = form.input();
    const typed = by === "value" ? { value, sha256: "" } : { value: "", sha256: sha256.trim() };
    const answer = input && (await take.run({ new: input, ...typed, random }));
    if (!answer) {
      focusFirstProblem(box);
      return;
    }
    notifications.show({ message: `Took over “${answer.key.title}”. The key itself is not kept.` });
    release();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={() => void close()}
      size="41rem"
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<strong>Take over a key from elsewhere</strong>}
    >
      <form
        ref={setBox}
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Text>
          A system that already has a key can go on using it. Keydesk keeps only what is needed to know it again.
        </Text>
        <KeyFields menu={menu} draft={form.draft} scopes={form.scopes} errors={errors} onChange={form.change}>
          <div>
            <SegmentedControl
              aria-label="How the key is given"
              size="xs"
              data={[
                { value: "value", label: "The key itself" },
                { value: "sha256", label: "Its SHA-256" },
              ]}
              value={by}
              onChange={setBy}
            />
            <div className={styles.inset}>
              {by === "value" ? (
                <SecretInput
                  label="Key"
                  description="At least 20 characters."
                  required
                  value={{ stored: false, typed: value }}
                  error={errors.value}
                  onChange={({ typed }) => setValue(typed)}
                />
              ) : (
                <TextInput
                  label="SHA-256 of the key"
                  description="64 hexadecimal digits, as the old system or sha256sum shows them."
                  withAsterisk
                  maxLength={80}
                  autoComplete="off"
                  spellCheck={false}
                  classNames={{ input: "mono" }}
                  value={sha256}
                  error={errors.sha256 ?? errors.value}
                  onChange={(event) => setSha256(event.currentTarget.value)}
                />
              )}
            </div>
          </div>
          {(by === "sha256" || weak || random) && (
            <Checkbox
              label="This key is long and was made at random"
              description={weak ? take.fault?.message : "Keydesk cannot see that from its SHA-256."}
              checked={random}
              error={errors.random}
              onChange={(event) => setRandom(event.currentTarget.checked)}
            />
          )}
        </KeyFields>
        {form.trouble && <ErrorState trouble={form.trouble} onRetry={form.retry} />}
        {take.fault && Object.keys(errorsOf(take.fault)).length === 0 && <FaultNote fault={take.fault} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => void close()}>
            Cancel
          </Button>
          <Button type="submit" loading={take.busy} disabled={!form.ready}>
            Take over
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
