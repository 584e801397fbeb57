import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { apikey, organisation } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { ClientSnippets } from "../../shell/ClientSnippets";
import { Screen } from "../../shell/Screen";
import { countText, ErrorState, ScreenHeader } from "../../ui";
import styles from "./ApiKey.module.css";
import { GenerateKey } from "./GenerateKey";
import { IntegrationSteps } from "./IntegrationSteps";
import { inputOf, noFilter } from "./listState";
import { integration } from "./menuPath";
import { usageEveryMs } from "./words";

/** Integration: what connects this office with other systems, each as a card (C05 to C08). */
export function IntegrationPage() {
  const [, navigate] = useLocation();
  const mayCreate = useCan(apikey.Create);
  const [creating, setCreating] = useState(false);
  const first = useQuery(read(apikey.List, { ...inputOf(noFilter), limit: 1 }));
  const client = useQuery({
    ...read(organisation.Client, undefined, { watches: ["call"] }),
    // The access log, which tells of the first call, is written a moment after the hint of the call.
    refetchInterval: ({ state }) => (state.data && !state.data.sent ? usageEveryMs : false),
  });
  const page = first.data;
  const none = page?.count === 0;
  return (
    <Screen scroll>
      <ScreenHeader title="Integration" subtitle="How other systems work together with this office" />
      <div className={styles.cards}>
        <section className={styles.card} aria-labelledby="card-keys">
          <Group justify="space-between" wrap="nowrap">
            <h2 id="card-keys">API Keys</h2>
            <Text c="dimmed" role="status">
              {page && !none ? countText(page.count, page.capped, "key", "keys") : ""}
            </Text>
          </Group>
          <Text>
            Programmatic access to this office: another system, such as your CRM, shows its key and sends through
            Keydesk.
          </Text>
          {first.error && <ErrorState trouble={first.error} onRetry={() => void first.refetch()} />}
          {none && (
            <Text fw={500}>
              No API keys yet.{" "}
              {mayCreate ? "Generate the first one." : "Someone with Can Create API Keys can make one."}
            </Text>
          )}
          <Group gap="xs">
            {mayCreate && <Button onClick={() => setCreating(true)}>{integration.create}</Button>}
            <Button variant="default" onClick={() => navigate(integration.base)}>
              Open API Keys
            </Button>
          </Group>
        </section>
        <section className={styles.card} aria-labelledby="card-steps">
          <h2 id="card-steps">Getting started</h2>
          <IntegrationSteps
            made={page !== undefined && !none}
            simulated={client.data?.simulated ?? false}
            sent={client.data?.sent ?? false}
          />
        </section>
        {client.data && (
          <section className={styles.card} style={{ gridColumn: "1 / -1" }} aria-labelledby="card-client">
            <h2 id="card-client">Calling from another system</h2>
            {!client.data.on && <Text>Nothing answers until the local API is on.</Text>}
            <ClientSnippets client={client.data} />
          </section>
        )}
      </div>
      {creating && <GenerateKey menu={integration} onClose={() => setCreating(false)} />}
    </Screen>
  );
}
