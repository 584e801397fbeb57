import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call as api } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { channelLabels } from "../../shell/channels";
import { useToField } from "../../shell/toField";
import { BidiSafe, Drawer, ErrorState, exactText, Waiting } from "../../ui";
import { AnswerView } from "./AnswerView";
import styles from "./Call.module.css";
import { FireFault } from "./FireFault";
import { FiringSign } from "./FiringSign";
import type { Detail } from "./types";
import { useFire } from "./useFire";
import { deliveryLabels, modeText } from "./words";

interface CallDrawerProps {
  id: string;
  onClose: () => void;
  /** Shows another call: the one that was fired again. */
  onCall: (id: string) => void;
}

/** One call of the history, with the way to fire it again. */
export function CallDrawer({ id, onClose, onCall }: CallDrawerProps) {
  const one = useQuery(read(api.Get, { id }, { watches: ["setup"] }));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="48rem"
      title={one.data ? <BidiSafe text={one.data.call.title} /> : "Call"}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      {one.error ? (
        <ErrorState trouble={one.error} onRetry={() => void one.refetch()} />
      ) : one.data ? (
        <CallDetail key={id} detail={one.data} onCall={onCall} />
      ) : (
        <Waiting what="Reading the call" />
      )}
    </Drawer>
  );
}

function CallDetail({ detail, onCall }: { detail: Detail; onCall: (id: string) => void }) {
  const { call } = detail;
  const mayTest = useCan(api.Again);
  const toField = useToField(detail.setup_gone ? "" : call.setup_id);
  const firing = useFire(api.Again);
  const canAgain = mayTest && call.setup_id !== "" && !detail.setup_gone && call.state === "done";
  const again = async () => {
    const made = await firing.fire({ call_id: call.id });
    if (made) onCall(made.call.id);
  };
  return (
    <div className={styles.panel}>
      <dl className={styles.about}>
        <dt>Time</dt>
        <dd>{exactText(new Date(call.at_ms))}</dd>
        <dt>Mode</dt>
        <dd>
          {modeText(call)}, by <BidiSafe text={call.actor.name || "Keydesk"} />
        </dd>
        <dt>Key For</dt>
        <dd>{channelLabels[call.channel]}</dd>
        <dt>Recipient</dt>
        <dd>
          <BidiSafe text={call.recipient} />
        </dd>
        {deliveryLabels[call.delivery] && (
          <>
            <dt>Delivery</dt>
            <dd>{deliveryLabels[call.delivery]}</dd>
          </>
        )}
        <Values record={detail.record} />
        {call.setup_id && (
          <>
            <dt>API Key Setup</dt>
            <dd>
              <SetupState detail={detail} canAgain={canAgain} />
            </dd>
          </>
        )}
      </dl>
      {firing.since !== null && (
        <FiringSign since={firing.since} cancelling={firing.cancelling} onCancel={firing.cancel} />
      )}
      {firing.fault && <FireFault fault={firing.fault} onField={toField} listsRecord />}
      {call.state === "sending" ? (
        <p>This message is being sent right now.</p>
      ) : (
        <AnswerView
          detail={detail}
          onAgain={canAgain && firing.since === null ? () => void again() : undefined}
          onField={toField}
        />
      )}
    </div>
  );
}

/** The values that were sent with it, one after the other. */
function Values({ record }: { record: Record<string, string> }) {
  const filled = Object.entries(record ?? {}).filter(([, value]) => value !== "");
  if (filled.length === 0) return null;
  return (
    <>
      <dt>Values</dt>
      <dd>
        {filled.map(([name, value]) => (
          <div key={name}>
            <BidiSafe text={name} />: <BidiSafe text={value} />
          </div>
        ))}
      </dd>
    </>
  );
}

function SetupState({ detail, canAgain }: { detail: Detail; canAgain: boolean }) {
  if (detail.setup_gone) return <>The setup has been deleted since, so this cannot be fired again.</>;
  return (
    <>
      <Anchor href={`#/setups/${detail.call.setup_id}`} inherit>
        Open the setup
      </Anchor>
      {detail.setup_changed && (
        <p className={styles.note}>
          {detail.call.draft ? "What was fired was not what is saved." : "The setup was changed since this call."}
          {canAgain && " Fire again uses the setup as it is now."}
        </p>
      )}
    </>
  );
}
