import { Anchor, Button, Group, Select, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { apikey, type model } from "../../bridge/api";
import { type Plain, read } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { useClosedByLock } from "../../shell/useClosedByLock";
import { BidiSafe, Modal, SecretInput, useFocusKept } from "../../ui";
import styles from "./ApiKey.module.css";
import { errorsOf } from "./keyDraft";
import { useSecretCall } from "./useSecretCall";

type Checked = Plain<model.apikey.Checked>;

interface CheckKeyProps {
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** Tells what is wrong with a key that was pasted (E18). It is only compared, and stays on this computer. */
export function CheckKey({ onOpen, onClose }: CheckKeyProps) {
  const [key, setKey] = useState("");
  const [scope, setScope] = useState("");
  const [source, setSource] = useState("");
  const [checked, setChecked] = useState<Checked | null>(null);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const scopes = useQuery(read(apikey.Scopes, undefined)).data ?? [];
  const check = useSecretCall(apikey.Check);
  const errors = errorsOf(check.fault);
  useFocusKept(check.busy, () => box?.querySelector<HTMLElement>("[type=submit]"));
  if (!useClosedByLock(onClose)) return null;

  // An answer belongs to what was asked.
  const changes = (change: () => void) => {
    change();
    setChecked(null);
    check.clear();
  };
  const ask = async () => {
    setChecked(null);
    setChecked(
      await check.run({ key, scope: scope as Plain<model.apikey.CheckInput>["scope"], source: source.trim() }),
    );
  };
  return (
    <Modal opened onClose={onClose} size="lg" withCloseButton={false} title={<strong>Check a key</strong>}>
      <form
        ref={setBox}
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (key) void ask();
        }}
      >
        <Text>Does a system say that its key is refused? Paste the key to see why. Nothing leaves this computer.</Text>
        <SecretInput
          label="Key"
          value={{ stored: false, typed: key }}
          error={errors.key}
          onChange={({ typed }) => changes(() => setKey(typed))}
        />
        <Group grow align="flex-start">
          <Select
            label="What it is to do (optional)"
            data={[
              { value: "", label: "Anything" },
              ...scopes.map((each) => ({ value: each.scope as string, label: each.label })),
            ]}
            allowDeselect={false}
            value={scope}
            comboboxProps={{ transitionProps: { duration: 0 } }}
            onChange={(next) => changes(() => setScope(next ?? ""))}
          />
          <TextInput
            label="From which address (optional)"
            placeholder="Such as 192.168.1.20"
            autoComplete="off"
            spellCheck={false}
            value={source}
            error={errors.source}
            onChange={(event) => {
              const next = event.currentTarget.value;
              changes(() => setSource(next));
            }}
          />
        </Group>
        <div className={styles.result} role="status">
          {checked && <Result checked={checked} onOpen={onOpen} />}
        </div>
        {check.fault && Object.keys(errors).length === 0 && <FaultNote fault={check.fault} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={check.busy} disabled={!key}>
            Check
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function Result({ checked, onOpen }: { checked: Checked; onOpen: (id: string) => void }) {
  const { result, message, hint, key } = checked;
  const good = result === "good";
  const Icon = good ? IconCircleCheck : IconAlertTriangle;
  return (
    <>
      <Icon className={good ? styles.good : styles.bad} size={20} aria-hidden />
      <div>
        <strong>
          <BidiSafe text={message} />
        </strong>
        {hint && (
          <p>
            <BidiSafe text={hint} />
          </p>
        )}
        {key && key.deleted_ms === 0 && (
          <Anchor component="button" type="button" inherit onClick={() => onOpen(key.id)}>
            Open the key
          </Anchor>
        )}
      </div>
    </>
  );
}
