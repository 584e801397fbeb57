import { ActionIcon, Menu } from "@mantine/core";
import {
  IconDots,
  IconFileSearch,
  IconHelp,
  IconKey,
  IconListCheck,
  IconListDetails,
  IconTransferIn,
} from "@tabler/icons-react";
import type { Doing } from "./KeyDialogs";
import type { useKeyRights } from "./useKeyActions";

interface KeyMenuProps {
  may: ReturnType<typeof useKeyRights>;
  explained: boolean;
  onDo: (doing: Doing) => void;
  onReview: () => void;
  onExplain: () => void;
}

/** What is done with keys less often than making one. */
export function KeyMenu({ may, explained, onDo, onReview, onExplain }: KeyMenuProps) {
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More actions" title="More actions">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => onDo({ what: "check" })}>
          Check a key
        </Menu.Item>
        <Menu.Item leftSection={<IconListCheck size={16} />} onClick={onReview}>
          Keys to review
        </Menu.Item>
        <Menu.Item leftSection={<IconListDetails size={16} />} onClick={() => onDo({ what: "access" })}>
          Access log
        </Menu.Item>
        {may.findLeaks && (
          <Menu.Item leftSection={<IconFileSearch size={16} />} onClick={() => onDo({ what: "leaks" })}>
            Look for leaked keys
          </Menu.Item>
        )}
        {may.takeOver && (
          <Menu.Item leftSection={<IconTransferIn size={16} />} onClick={() => onDo({ what: "takeOver" })}>
            Take over a key from elsewhere
          </Menu.Item>
        )}
        {!explained && (
          <Menu.Item leftSection={<IconHelp size={16} />} onClick={onExplain}>
            What is an API key?
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
