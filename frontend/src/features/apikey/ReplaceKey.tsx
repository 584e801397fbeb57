import { Button, Group, Radio, Text } from "@mantine/core";
import { useState } from "react";
import { apikey } from "../../bridge/api";
import { useSession } from "../../bridge/session";
import { FaultNote } from "../../shell/FaultNote";
import { BidiSafe, Modal, useFocusKept } from "../../ui";
import styles from "./ApiKey.module.css";
import { DayInput } from "./DayInput";
import { ShownKey } from "./ShownKey";
import { dayOf, endOfDayMs } from "./term";
import type { Issued, Key } from "./types";
import { useKeyShown } from "./useKeyShown";
import { useSecretCall } from "./useSecretCall";
import { lastUseText } from "./words";

interface ReplaceKeyProps {
  apiKey: Key;
  onClose: () => void;
}

/** Makes a key in place of another, and asks when the old one stops (E19, E20). */
export function ReplaceKey({ apiKey, onClose }: ReplaceKeyProps) {
  const { time_zone } = useSession();
  const [stops, setStops] = useState("day");
  const [date, setDate] = useState("");
  const [missing, setMissing] = useState(false);
  const [made, setMade] = useState<Issued | null>(null);
  const [requestId] = useState(() => crypto.randomUUID());
  const [box, setBox] = useState<HTMLElement | null>(null);
  const replace = useSecretCall(apikey.Replace, ["apikey"]);
  const shown = useKeyShown(made, onClose);
  useFocusKept(replace.busy, () => box?.querySelector<HTMLElement>("[type=submit]"));

  const close = () => {
    if (replace.busy) return;
    if (made) void shown.close();
    else onClose();
  };
  const send = async () => {
    if (stops === "date" && !date) {
      setMissing(true);
      return;
    }
    const stops_ms = stops === "now" ? 0 : stops === "day" ? Date.now() + 24 * 3_600_000 : endOfDayMs(date, time_zone);
    const answer = await replace.run({ request_id: requestId, id: apiKey.id, stops_ms });
    if (answer) setMade(answer);
  };
  return (
    <Modal
      opened
      onClose={close}
      size="41rem"
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<strong>{made ? "Your new API key" : `Replace “${apiKey.title}”`}</strong>}
    >
      <div ref={setBox}>
        {made ? (
          <ShownKey issued={made} shown={shown} />
        ) : (
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              void send();
            }}
          >
            <Text>
              The new key may do the same as “<BidiSafe text={apiKey.title} />
              ”, for as long. {lastUseText(apiKey)}
            </Text>
            <Radio.Group label="When does the old key stop?" value={stops} onChange={setStops}>
              <div className={`${styles.choices} ${styles.inset}`}>
                <Radio
                  value="now"
                  label="Now"
                  description="For a key that was stolen. The system is refused until it has the new one."
                />
                <Radio
                  value="day"
                  label="In 24 hours"
                  description="Both keys work until then, so nothing is interrupted."
                  data-autofocus
                />
                <Radio value="date" label="On a date" description="At the end of that day." />
              </div>
            </Radio.Group>
            {stops === "date" && (
              <DayInput
                label="Last day of the old key"
                first={dayOf(new Date(), time_zone)}
                value={date}
                error={missing && !date ? "Choose a day." : undefined}
                onChange={setDate}
              />
            )}
            {replace.fault && <FaultNote fault={replace.fault} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={replace.busy}>
                Replace key
              </Button>
            </Group>
          </form>
        )}
      </div>
    </Modal>
  );
}
