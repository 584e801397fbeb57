import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { apikey } from "../../bridge/api";
import { FaultNote } from "../../shell/FaultNote";
import { ErrorState, Modal, useFocusKept, useUnsaved } from "../../ui";
import styles from "./ApiKey.module.css";
import { focusFirstProblem } from "./focusFirstProblem";
import { KeyFields } from "./KeyFields";
import { errorsOf } from "./keyDraft";
import type { MenuPath } from "./menuPath";
import { ShownKey } from "./ShownKey";
import type { Issued } from "./types";
import { useKeyDraft } from "./useKeyDraft";
import { useKeyShown } from "./useKeyShown";
import { useSecretCall } from "./useSecretCall";

interface GenerateKeyProps {
  menu: MenuPath;
  onClose: () => void;
}

/** Makes a key and shows it, this once (B03 to B07, E02 to E06). */
export function GenerateKey({ menu, onClose }: GenerateKeyProps) {
  const [made, setMade] = useState<Issued | null>(null);
  const form = useKeyDraft();
  const create = useSecretCall(apikey.Create, ["apikey"]);
  const unsaved = useUnsaved(form.dirty && !made, "this key");
  const shown = useKeyShown(made, onClose);
  const errors = form.errorsWith(create.fault);
  const [box, setBox] = useState<HTMLElement | null>(null);
  useFocusKept(create.busy, () => box?.querySelector<HTMLElement>("[type=submit]"));

  const close = async () => {
    // A key that is being made would be lost.
    if (create.busy) return;
    if (made) await shown.close();
    else if (await unsaved.mayLeave()) onClose();
  };
  const generate = async () => {
    const input = form.input();
    const answer = input && (await create.run(input));
    if (answer) setMade(answer);
    else focusFirstProblem(box);
  };
  return (
    <Modal
      opened
      onClose={() => void close()}
      size="41rem"
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<strong>{made ? "Your new API key" : "Generate an API Key"}</strong>}
    >
      <div ref={setBox}>
        {made ? (
          <ShownKey issued={made} shown={shown} />
        ) : (
          <form
            noValidate
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              void generate();
            }}
          >
            <KeyFields menu={menu} draft={form.draft} scopes={form.scopes} errors={errors} onChange={form.change} />
            {form.trouble && <ErrorState trouble={form.trouble} onRetry={form.retry} />}
            {create.fault && Object.keys(errorsOf(create.fault)).length === 0 && <FaultNote fault={create.fault} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={() => void close()}>
                Cancel
              </Button>
              <Button type="submit" loading={create.busy} disabled={!form.ready}>
                {menu.confirm}
              </Button>
            </Group>
          </form>
        )}
      </div>
    </Modal>
  );
}
