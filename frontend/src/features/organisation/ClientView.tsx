import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { organisation } from "../../bridge/api";
import { read } from "../../bridge/query";
import { ClientSnippets } from "../../shell/ClientSnippets";
import { CopyButton, ErrorState, Waiting } from "../../ui";
import type { LocalApiState } from "./localApiDraft";
import styles from "./Organisation.module.css";

/** What the author of a program that calls the local API needs (C04). */
export function ClientView({ listening }: Pick<LocalApiState, "listening">) {
  const { data, error, refetch } = useQuery(read(organisation.Client, undefined));
  if (!data && error) return <ErrorState trouble={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting what="Writing the examples" />;
  const fromOutside = listening.addresses.filter((address) => address.startsWith("https://"));
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
        {fromOutside.length > 0 && (
          <Text>
            Other machines call {fromOutside.join(" or ")} instead, with a key that names the addresses they come from.
            They have to trust the certificate above, as with <span className="mono">curl --cacert FILE</span>.
          </Text>
        )}
      </Stack>
    </section>
  );
}
