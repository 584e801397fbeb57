import { Stack, Text } from "@mantine/core";
import { Listening } from "./Listening";
import type { LocalApiState } from "./localApiDraft";
import styles from "./Organisation.module.css";
import { callers } from "./words";

/** The settings of the local API for people who may only look. */
export function LocalApiFacts({ state }: { state: LocalApiState }) {
  const { settings } = state;
  const who = settings.network ? callers.network : callers.here;
  return (
    <section aria-labelledby="local-api-title">
      <Text component="h2" id="local-api-title" fw={600} m={0}>
        Local API
      </Text>
      <Stack gap="md">
        <Listening settings={settings} listening={state.listening} />
        <dl className={styles.facts}>
          <dt>Who can call</dt>
          <dd>
            {who.label}. {who.text}
          </dd>
          <dt>Port</dt>
          <dd>{settings.port}</dd>
          <dt>Requests a minute</dt>
          <dd>{settings.per_minute.toLocaleString("en-US")} for each key that has no limit of its own</dd>
        </dl>
        <Text c="dimmed">People with Can Manage Settings can change this.</Text>
      </Stack>
    </section>
  );
}
