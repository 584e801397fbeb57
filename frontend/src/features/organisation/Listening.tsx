import { Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { BidiSafe, CopyButton, Note } from "../../ui";
import type { LocalApiState } from "./localApiDraft";
import styles from "./Organisation.module.css";

type ListeningProps = Pick<LocalApiState, "settings" | "listening">;

/** Where the local API answers at the moment, or why it does not. */
export function Listening({ settings, listening }: ListeningProps) {
  const { addresses, code, message, hint } = listening;
  const works = settings.on && addresses.length > 0;
  const Icon = works ? IconCircleCheck : IconCircleDashed;
  return (
    <Stack gap="xs" mt="sm" role="status" aria-label="What the local API does now">
      {code && (
        <Note tone="amber" alert={false}>
          <BidiSafe text={message} /> {hint && <BidiSafe text={hint} />}
        </Note>
      )}
      {(works || !code) && (
        <div className={styles.state} data-tone={works ? "good" : undefined}>
          <Icon size={18} aria-hidden />
          <div>
            <Text>
              {works
                ? "On. It answers at:"
                : settings.on
                  ? "On. Opening the port."
                  : "Off. No program can call Keydesk."}
            </Text>
            {works && (
              <ul className={styles.addresses}>
                {addresses.map((address) => (
                  <li key={address}>
                    <span className="mono">{address}</span>
                    <CopyButton text={address} label={`Copy ${address}`} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
      )}
    </Stack>
  );
}
