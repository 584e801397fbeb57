import { Button, Group, NavLink, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { setup } from "../../bridge/api";
import { read } from "../../bridge/query";
import { channelLabels } from "../../shell/channels";
import { everySetup } from "../../shell/everySetup";
import { BidiSafe, ErrorState, Modal, Waiting } from "../../ui";
import styles from "./Setup.module.css";

interface DuplicateAnotherProps {
  onClose: () => void;
  onChoose: (id: string) => void;
}

/** Chooses a setup that is much like the new one. The form starts from a copy of it, stored secrets included. */
export function DuplicateAnother({ onClose, onChoose }: DuplicateAnotherProps) {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed, 150);
  const list = useQuery(read(setup.List, { ...everySetup, search, limit: 20 }, { keep: true }));
  const rows = list.data?.rows ?? [];
  return (
    <Modal opened onClose={onClose} title={<strong>Duplicate another</strong>} size="md" withCloseButton={false}>
      <Stack gap="sm">
        <TextInput
          aria-label="Search setups"
          placeholder="Search process, stage, URL …"
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className={styles.providers}>
          {list.error && <ErrorState trouble={list.error} onRetry={() => void list.refetch()} />}
          {list.isPending && <Waiting what="Reading the setups" />}
          {rows.map((row) => {
            const place = [row.process, row.sub_process, row.sub_sub_process, row.stage].filter(Boolean).join(" / ");
            return (
              <NavLink
                key={row.id}
                component="button"
                type="button"
                label={<BidiSafe text={row.name || place} />}
                description={
                  <BidiSafe text={`${row.name ? `${place} · ` : ""}${channelLabels[row.channel]} · ${row.url}`} />
                }
                onClick={() => onChoose(row.id)}
              />
            );
          })}
          {list.data && rows.length === 0 && <Text c="dimmed">No setup contains these words.</Text>}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
