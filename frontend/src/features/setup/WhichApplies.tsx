import { Anchor, Button, Popover } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type model, setup } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type Plain, read } from "../../bridge/query";
import { channelLabels } from "../../shell/channels";
import styles from "./Setup.module.css";
import type { Channel } from "./words";

interface WhichAppliesProps {
  placeId: string;
  stageId: string;
  channel: Channel;
  /** The setup of this form, to name it "this setup". */
  setupId: string;
}

/** Says which saved setup a call from this place, stage and channel would use now, and where it was looked for (R10). */
export function WhichApplies({ placeId, stageId, channel, setupId }: WhichAppliesProps) {
  const mayAsk = useCan(setup.Resolve);
  const answer = useQuery(
    read(setup.Resolve, { place_id: placeId, stage_id: stageId, channel }, { enabled: mayAsk, watches: ["process"] }),
  );
  if (!answer.data) return <div className={styles.applies} />;
  const { steps } = answer.data;
  const winner = steps.find((step) => step.found === "won");
  const line = winner
    ? `Now, ${winner.setup_id === setupId ? "this setup" : "another setup"} applies (${whereOf(winner)}).`
    : `Now, no ${channelLabels[channel]} setup applies here.`;
  return (
    <div className={styles.applies}>
      <span>{line}</span>
      <Popover width={360} position="bottom-start" withArrow trapFocus returnFocus>
        <Popover.Target>
          <Button variant="subtle" size="compact-xs" leftSection={<IconHelpCircle size={14} aria-hidden />}>
            Which setup applies?
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <p>The first enabled one that is found, looked for in this order:</p>
          <ol className={styles.steps}>
            {steps.map((step) => (
              <li key={`${step.place} ${step.stage}`}>
                {whereOf(step)}: <Found step={step} setupId={setupId} />
              </li>
            ))}
          </ol>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

type Step = Plain<model.setup.Step>;

function whereOf(step: Step): string {
  return step.stage ? `${step.place}, stage ${step.stage}` : `${step.place}, every stage`;
}

function Found({ step, setupId }: { step: Step; setupId: string }) {
  if (!step.setup_id) return <>none</>;
  const word = step.found === "won" ? "applies" : "is off";
  if (step.setup_id === setupId) return <>this setup {word}</>;
  return (
    <>
      <Anchor href={`#/setups/${step.setup_id}`} inherit>
        a setup
      </Anchor>{" "}
      {word}
    </>
  );
}
