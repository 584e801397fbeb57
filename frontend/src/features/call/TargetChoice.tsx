import { SegmentedControl, Select } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useId } from "react";
import { BidiSafe } from "../../ui";
import styles from "./Call.module.css";
import type { Outcome } from "./types";
import type { Target } from "./useTarget";
import { outcomeLabels } from "./words";

interface TargetChoiceProps {
  target: Target;
  /** What would be sent to the provider itself, such as "one real SMS". */
  what: string;
  /** The provider's address leads to this computer, so it costs nothing. */
  local: boolean;
}

/** Chooses the simulator or the provider itself, and the simulator's answer. Empty without a provider. */
export function TargetChoice({ target, what, local }: TargetChoiceProps) {
  const label = useId();
  const { form, gone, simulate, outcome } = target;
  if (gone) {
    return (
      <p className={styles.note}>
        The file of this setup's provider is not here, so the simulator cannot play it. A test goes to the address
        itself.
      </p>
    );
  }
  if (!form) return null;
  const { provider, outcomes } = form;
  const simulated = simulate !== "";
  const documented = outcomes.find(({ id }) => id === outcome)?.documented ?? true;
  return (
    <div className={styles.targetChoice}>
      <div className={styles.targetRow}>
        <div className={styles.targetSide}>
          <span className={styles.columnName} id={label}>
            Target
          </span>
          <SegmentedControl
            aria-labelledby={label}
            fullWidth
            data={[
              {
                value: "simulator",
                label: (
                  <span className={styles.withIcon}>
                    <IconFlask size={16} aria-hidden /> Simulator
                  </span>
                ),
              },
              {
                value: "provider",
                label: (
                  <span className={styles.targetName} title={provider.name}>
                    <BidiSafe text={provider.name} />
                  </span>
                ),
              },
            ]}
            value={simulated ? "simulator" : "provider"}
            transitionDuration={0}
            onChange={(next) => target.setSimulated(next === "simulator")}
          />
        </div>
        {simulated && (
          <Select
            label="Answer to play"
            className={styles.outcome}
            data={outcomes.map(({ id }) => ({ value: id, label: outcomeLabels[id] ?? id }))}
            value={outcome}
            allowDeselect={false}
            onChange={(next) => target.setOutcome((next ?? "accepted") as Outcome)}
            maxDropdownHeight={320}
            renderOption={({ option }) => (
              <span className={styles.option}>
                {option.label}
                {!outcomes.find(({ id }) => id === option.value)?.documented && (
                  <span className={styles.dimmed}>not documented</span>
                )}
              </span>
            )}
            comboboxProps={{ transitionProps: { duration: 0 } }}
          />
        )}
      </div>
      <p className={styles.dimmed}>
        {simulated ? (
          <>
            Nothing leaves this computer, it costs no money, and no stored secret is used.
            {!documented && (
              <>
                {" "}
                <BidiSafe text={`${provider.service} does not document this answer, so a plain one is played.`} />
              </>
            )}
          </>
        ) : local ? (
          "The address leads to this computer."
        ) : (
          `Sends ${what} and may cost money. You are asked once for each recipient.`
        )}
      </p>
    </div>
  );
}
