import { Button, Group, NavLink, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type model, provider } from "../../bridge/api";
import { type Plain, read } from "../../bridge/query";
import { channelLabel } from "../../shell/channels";
import { BidiSafe, ErrorState, Modal, Waiting } from "../../ui";
import styles from "./Setup.module.css";
import { badgeWords } from "./words";

type Summary = Plain<model.provider.Summary>;

interface FromProviderProps {
  onClose: () => void;
  onChoose: (one: Summary) => void;
}

/** Every provider, of all channels: the first step for people who have no example to paste. */
export function FromProvider({ onClose, onChoose }: FromProviderProps) {
  const [search, setSearch] = useState("");
  const list = useQuery(read(provider.List, undefined));
  const term = search.trim().toLowerCase();
  const found = (list.data?.providers ?? []).filter((one) =>
    `${one.name} ${one.service} ${one.channels.map(channelLabel).join(" ")}`.toLowerCase().includes(term),
  );
  const groups: [string, Summary[]][] = [
    ["Your own", found.filter((one) => !one.built_in)],
    ["Providers", found.filter((one) => one.built_in && !one.more)],
    ["More", found.filter((one) => one.built_in && one.more)],
  ];
  return (
    <Modal opened onClose={onClose} title={<strong>From a provider</strong>} size="md" withCloseButton={false}>
      <Stack gap="sm">
        <TextInput
          aria-label="Search providers"
          placeholder="Search provider, SMS, WhatsApp, Email"
          data-autofocus
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = groups.flatMap(([, ones]) => ones);
            if (event.key === "Enter" && first && !event.nativeEvent.isComposing) onChoose(first);
          }}
        />
        <div className={styles.providers}>
          {list.error && <ErrorState trouble={list.error} onRetry={() => void list.refetch()} />}
          {list.isPending && <Waiting what="Reading the providers" />}
          {groups.map(
            ([title, ones]) =>
              ones.length > 0 && (
                <section key={title} aria-label={title}>
                  <Text size="xs" c="dimmed" fw={600} mt="xs" mb={4}>
                    {title}
                  </Text>
                  {ones.map((one) => (
                    <NavLink
                      key={one.id}
                      component="button"
                      type="button"
                      label={<BidiSafe text={one.name} />}
                      description={
                        one.channels.map(channelLabel).join(", ") +
                        (one.badge === "V" ? "" : ` · ${badgeWords[one.badge]}`)
                      }
                      onClick={() => onChoose(one)}
                    />
                  ))}
                </section>
              ),
          )}
          {list.data && found.length === 0 && (
            <Text c="dimmed">
              No provider is called that. Close this and write the request yourself, or paste an example from its help
              page.
            </Text>
          )}
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
