import { Checkbox, MultiSelect, NumberInput, Radio } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { channelLabels } from "../../shell/channels";
import styles from "./ApiKey.module.css";
import { type KeyDraft, sends } from "./keyDraft";
import { placeNames } from "./placeNames";

interface ReachFieldsProps {
  draft: KeyDraft;
  errors: Record<string, string>;
  onChange: (part: Partial<KeyDraft>) => void;
}

/** Where the key may send, and how much a day. */
export function ReachFields({ draft, errors, onChange }: ReachFieldsProps) {
  const maySee = useCan(process.Tree);
  const tree = useQuery(read(process.Tree, undefined, { enabled: maySee && draft.limited }));
  return (
    <>
      <div>
        <Radio.Group
          label="Where it may send"
          value={draft.limited ? "chosen" : "all"}
          onChange={(next) => onChange({ limited: next === "chosen" })}
        >
          <div className={`${styles.row} ${styles.inset}`}>
            <Radio value="all" label="Everywhere" />
            <Radio value="chosen" label="Chosen processes and channels" />
          </div>
        </Radio.Group>
        {draft.limited && (
          <div className={`${styles.more} ${styles.inset}`}>
            {maySee && (
              <MultiSelect
                label="Processes"
                description="Each with everything below it. None chosen is every process."
                placeholder={draft.places.length === 0 ? "Every process" : undefined}
                searchable
                openOnFocus={false}
                hidePickedOptions
                limit={200}
                data={placeNames(tree.data?.places ?? [])}
                value={draft.places}
                error={errors["grants.places"]}
                nothingFoundMessage="Nothing is called that."
                comboboxProps={{ transitionProps: { duration: 0 } }}
                onChange={(places) => onChange({ places })}
              />
            )}
            <Checkbox.Group
              label="Channels"
              description="None chosen is every channel."
              value={draft.channels}
              error={errors["grants.channels"] ?? (maySee ? undefined : errors["grants.places"])}
              onChange={(channels) => onChange({ channels })}
            >
              <div className={`${styles.row} ${styles.inset}`}>
                {Object.entries(channelLabels).map(([value, label]) => (
                  <Checkbox key={value} value={value} label={label} />
                ))}
              </div>
            </Checkbox.Group>
          </div>
        )}
      </div>
      {sends(draft) && (
        <NumberInput
          label="Live messages a day, at most"
          placeholder="No limit of its own"
          w="16rem"
          min={0}
          max={1_000_000}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          value={draft.livePerDay}
          error={errors["grants.live_per_day"]}
          onChange={(next) => onChange({ livePerDay: String(next) })}
        />
      )}
    </>
  );
}
