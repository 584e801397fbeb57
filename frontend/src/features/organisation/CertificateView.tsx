import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { certificate } from "../../bridge/api";
import { read } from "../../bridge/query";
import { BidiSafe, CopyButton, ErrorState, Note, RelativeDate, Waiting } from "../../ui";
import { GiveCertificate } from "./GiveCertificate";
import styles from "./Organisation.module.css";
import { useCertificate } from "./useCertificate";

const words: Record<string, string> = {
  none: "The office's own root certificate is made when the office network is switched on for the first time.",
  office:
    "Each machine that calls has to trust the office's root certificate once. Save it and add it there; what Keydesk signs with it is renewed by itself.",
  given: "The certificate that was given is shown to callers. Give a newer one before it ends.",
};

/** What callers of the office network trust: the office's root certificate, or one that was given (H21). */
export function CertificateView({ network }: { network: boolean }) {
  const { data, error, refetch } = useQuery(read(certificate.Get, undefined, { watches: ["organisation"] }));
  const actions = useCertificate();
  const [giving, setGiving] = useState(false);
  if (!data && error) return <ErrorState trouble={error} onRetry={() => void refetch()} />;
  if (!data) return network ? <Waiting what="Reading the certificate" /> : null;
  const { origin, fingerprint, until_ms } = data;
  // An office that never opened its network has none, and needs none.
  if (!network && origin === "none") return null;
  return (
    <section aria-labelledby="certificate-title">
      <Text component="h2" id="certificate-title" fw={600} m={0} mb={4}>
        Certificate of the office network
      </Text>
      <Stack gap="sm">
        <Text c="dimmed">{words[origin]}</Text>
        {data.code && (
          <Note tone="amber" alert={false}>
            <BidiSafe text={data.message} /> <BidiSafe text={data.hint} />
          </Note>
        )}
        {fingerprint && (
          <dl className={styles.facts}>
            <dt>{origin === "given" ? "Certificate" : "Root certificate"}</dt>
            <dd>
              <BidiSafe text={data.subject} />
            </dd>
            {origin === "given" && (
              <>
                <dt>Signed by</dt>
                <dd>
                  <BidiSafe text={data.issuer} />
                </dd>
              </>
            )}
            <dt>Ends</dt>
            <dd>
              <RelativeDate at={new Date(until_ms - 1)} />
            </dd>
            <dt>SHA-256</dt>
            <dd>
              <span className={`mono ${styles.print}`}>
                {fingerprint.split(":").map((byte, index) => (
                  <Fragment key={`${index}:${byte}`}>
                    {index > 0 && ":"}
                    <wbr />
                    {byte}
                  </Fragment>
                ))}
              </span>
              <CopyButton text={fingerprint} label="Copy the fingerprint" />
            </dd>
          </dl>
        )}
        <Group gap="xs">
          {data.has_root && (
            <Button variant="default" onClick={() => void actions.saveRoot()}>
              Save the root certificate
            </Button>
          )}
          {actions.mayChange && origin !== "given" && (
            <Button variant="default" onClick={() => setGiving(true)}>
              Give another certificate
            </Button>
          )}
          {actions.mayChange && origin === "given" && (
            <>
              <Button variant="default" onClick={() => setGiving(true)}>
                Give a newer one
              </Button>
              <Button variant="default" loading={actions.busy} onClick={() => void actions.useOffice()}>
                Go back to the office's own
              </Button>
            </>
          )}
          {actions.mayChange && origin === "office" && (
            <Button variant="default" loading={actions.busy} onClick={() => void actions.renew()}>
              Make a new root certificate
            </Button>
          )}
        </Group>
      </Stack>
      {giving && <GiveCertificate onClose={() => setGiving(false)} />}
    </section>
  );
}
