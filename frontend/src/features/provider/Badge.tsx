import { Tooltip } from "@mantine/core";
import { IconCircleCheck, IconHelpCircle, IconNotes } from "@tabler/icons-react";
import styles from "./Provider.module.css";
import type { Mark } from "./types";
import { badgeSays, markLabels } from "./words";

const icons = { V: IconCircleCheck, C: IconNotes, U: IconHelpCircle, "not documented": IconHelpCircle };

/** How well a provider is known, in words, with the reason on hover. */
export function Badge({ mark }: { mark: Mark }) {
  const Icon = icons[mark];
  return (
    <Tooltip label={badgeSays[mark]} multiline maw={280}>
      <span className={styles.badge} data-mark={mark}>
        <Icon size={16} aria-hidden />
        {markLabels[mark]}
      </span>
    </Tooltip>
  );
}
