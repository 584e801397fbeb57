import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { organisation } from "../../bridge/api";
import { read } from "../../bridge/query";
import { ClientSnippets } from "../../shell/ClientSnippets";
import { CopyButton, ErrorState, Waiting } from "../../ui";
import styles from "./Organisation.module.css";

/** What somebody needs who writes a program that calls the local API (C04). */
export function ClientView() {
  const { data, error, refetch } = useQuery(read(organisation.Client, undefined));
  if (!data && error) return <ErrorState trouble={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting what="Writing the examples" />;
  const pages = { "A page to read": `${data.address}/docs`, "OpenAPI document": `${data.address}/openapi.json` };
  return (
    <section aria-labelledby="client-title">
      <Text component="h2" id="client-title" fw={600} m={0} mb={4}>
        A client's view
      </Text>
      <Text c="dimmed" mb="sm">
        How another program calls this office. Every request carries one header: the scheme x-api-key and its key.
        {!data.on && " Nothing answers until the local API is on."}
      </Text>
      <Stack gap="md">
        <ClientSnippets client={data} />
        <dl className={styles.facts}>
          {Object.entries(pages).map(([label, address]) => (
            <div key={label} className={styles.fact}>
              <dt>{label}</dt>
              <dd>
                <span className="mono">{address}</span>
                <CopyButton text={address} label={`Copy the address: ${label}`} />
              </dd>
            </div>
          ))}
        </dl>
        <Text size="xs" c="dimmed">
          Paste such an address into a browser on this computer. Both need no key.
        </Text>
      </Stack>
    </section>
  );
}
