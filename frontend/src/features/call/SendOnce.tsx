import { Button, Group, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Ref, useEffect, useRef, useState } from "react";
import { call, type model, process } from "../../bridge/api";
import { type Plain, read } from "../../bridge/query";
import { channelLabels } from "../../shell/channels";
import { ErrorState, Modal, Waiting } from "../../ui";
import { AnswerView } from "./AnswerView";
import styles from "./Call.module.css";
import { FireFault } from "./FireFault";
import { FiringSign } from "./FiringSign";
import { RecordForm, recordErrors } from "./RecordForm";
import type { Channel, Detail } from "./types";
import { type Firing, useFire } from "./useFire";
import { WhySetup } from "./WhySetup";

/** Sends one live message: first the place, then what applies there, then the values (RULES.md, Testing and sending). */
export function SendOnce({ onClose }: { onClose: () => void }) {
  const tree = useQuery(read(process.Tree, undefined));
  const firing = useFire(call.Send, { keepGoing: true });
  const [sent, setSent] = useState<Detail | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      size="44rem"
      title="Send once"
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {tree.error ? (
        <ErrorState trouble={tree.error} onRetry={() => void tree.refetch()} />
      ) : !tree.data ? (
        <Waiting what="Reading the processes" />
      ) : (
        <>
          <div hidden={sent !== null}>
            <SendForm places={tree.data.places} stages={tree.data.stages} firing={firing} onSent={setSent} />
          </div>
          {sent && (
            <div className={styles.panel}>
              <AnswerView key={sent.call.id} detail={sent} />
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={() => setSent(null)}>
                  Send another
                </Button>
                <Button onClick={onClose}>Close</Button>
              </Group>
            </div>
          )}
        </>
      )}
    </Modal>
  );
}

type Place = Plain<model.process.Node>;
type Stage = Plain<model.process.Stage>;

interface SendFormProps {
  places: Place[];
  stages: Stage[];
  firing: Firing<model.call.SendInput>;
  onSent: (detail: Detail) => void;
}

const levels = ["Process", "Sub Process", "Sub Sub Process"] as const;

function SendForm({ places, stages, firing, onSent }: SendFormProps) {
  const [path, setPath] = useState<string[]>([]);
  const [stageId, setStageId] = useState("");
  const [channel, setChannel] = useState<Channel>("sms");
  const [record, setRecord] = useState<Record<string, string>>({});
  const [found, setFound] = useState("");

  // The form is rendered after the dialog has set the focus.
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  const placeId = path.at(-1) ?? "";
  const here = { place_id: placeId, stage_id: stageId };
  const fields = useQuery(read(process.FieldsAt, here, { enabled: placeId !== "" }));
  const stagesHere = stages.filter((stage) => stage.place_id === placeId).sort((a, b) => a.position - b.position);

  const choose = (level: number, id: string) => {
    setPath(id ? [...path.slice(0, level), id] : path.slice(0, level));
    setStageId("");
    firing.clearFault();
  };
  const send = async () => {
    const values = (fields.data ?? []).map((field) => [field.name, record[field.name] ?? ""]);
    const done = await firing.fire({ ...here, channel, record: Object.fromEntries(values) });
    if (done) onSent(done);
  };

  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className={styles.pair}>
        {levels.map((label, level) => {
          const options = places.filter((place) => place.parent_id === (level === 0 ? "" : path[level - 1]));
          const reachable = level === 0 || (path[level - 1] !== undefined && options.length > 0);
          return (
            <Choice
              key={label}
              ref={level === 0 ? first : undefined}
              label={label}
              required={level === 0}
              disabled={!reachable}
              value={path[level] ?? ""}
              options={options}
              onChange={(id) => choose(level, id)}
            />
          );
        })}
        <Choice
          label="Stages"
          disabled={stagesHere.length === 0}
          value={stageId}
          options={stagesHere}
          onChange={(id) => {
            setStageId(id);
            firing.clearFault();
          }}
        />
      </div>
      <div>
        <span className={styles.columnName} id="send-once-channel">
          Key For
        </span>
        <SegmentedControl
          aria-labelledby="send-once-channel"
          data={Object.entries(channelLabels).map(([value, label]) => ({ value, label }))}
          value={channel}
          onChange={(value) => {
            setChannel(value as Channel);
            firing.clearFault();
          }}
        />
      </div>
      {placeId && <WhySetup placeId={placeId} stageId={stageId} channel={channel} onFound={setFound} />}
      {fields.error && <ErrorState trouble={fields.error} onRetry={() => void fields.refetch()} />}
      {found && fields.data && (
        <RecordForm
          fields={fields.data}
          record={record}
          onChange={setRecord}
          errors={recordErrors(firing.fault?.fields ?? [])}
          markRequired
        />
      )}
      {firing.since !== null && (
        <FiringSign
          since={firing.since}
          cancelling={firing.cancelling}
          onCancel={firing.cancel}
          what="Sending, waiting for the answer"
        />
      )}
      {firing.fault && <FireFault fault={firing.fault} />}
      <div className={styles.actionsLine}>
        <p className={styles.dimmed}>You are asked once more before it is sent. It may cost money.</p>
        <Button type="submit" disabled={!found || !fields.data || firing.since !== null}>
          Send
        </Button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  ref?: Ref<HTMLInputElement>;
  label: string;
  value: string;
  options: { id: string; name: string }[];
  onChange: (id: string) => void;
  required?: boolean;
  disabled: boolean;
}

function Choice({ ref, label, value, options, onChange, required, disabled }: ChoiceProps) {
  return (
    <Select
      ref={ref}
      data-autofocus={ref && true}
      label={label}
      withAsterisk={required}
      disabled={disabled}
      searchable
      clearable={!required}
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      allowDeselect={false}
      openOnFocus={false}
      limit={200}
      data={options.map((option) => ({ value: option.id, label: option.name }))}
      value={value || null}
      placeholder={disabled ? "None here" : required ? "Choose" : "All"}
      nothingFoundMessage="Nothing is called that."
      onChange={(next) => onChange(next ?? "")}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
