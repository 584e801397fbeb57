import { IconBan, IconPencil, IconPlayerPause, IconPlayerPlay, IconReplace, IconTrash } from "@tabler/icons-react";
import type { MoreAction, RowAction } from "../../ui";
import type { Doing } from "./KeyDialogs";
import type { Key } from "./types";
import type { useKeyActions, useKeyRights } from "./useKeyActions";
import { isLive } from "./words";

interface RowActionsOptions {
  may: ReturnType<typeof useKeyRights>;
  actions: ReturnType<typeof useKeyActions>;
  /** The list is that of *Keys to review*, where revoking is one click away (E14). */
  review: boolean;
  onDo: (doing: Doing) => void;
}

/** The actions at the end of a row: Edit and Delete as icons, the others behind More. */
export function rowActions({ may, actions, review, onDo }: RowActionsOptions) {
  const revoke = (key: Key): MoreAction => ({
    label: "Revoke",
    icon: IconBan,
    onRun: () => void actions.revoke(key),
  });
  const icons: RowAction<Key>[] = [
    ...(may.edit && review
      ? [{ label: "Revoke", icon: IconBan, onRun: (key: Key) => revoke(key).onRun(), shown: isLive }]
      : []),
    ...(may.edit
      ? [{ label: "Edit", icon: IconPencil, onRun: (key: Key) => onDo({ what: "edit", key }), shown: isLive }]
      : []),
    ...(may.delete
      ? [{ label: "Delete", icon: IconTrash, hotkey: "Delete", onRun: (key: Key) => void actions.remove(key) }]
      : []),
  ];
  const moreOf = (key: Key): MoreAction[] => {
    if (!isLive(key)) return [];
    const disabled = key.disabled_ms > 0;
    return [
      ...(may.edit
        ? [
            disabled
              ? { label: "Enable", icon: IconPlayerPlay, onRun: () => void actions.enable(key) }
              : { label: "Disable", icon: IconPlayerPause, onRun: () => void actions.disable(key) },
          ]
        : []),
      ...(may.replace ? [{ label: "Replace …", icon: IconReplace, onRun: () => onDo({ what: "replace", key }) }] : []),
      ...(may.edit && !review ? [revoke(key)] : []),
    ];
  };
  return { icons, more: may.edit ? moreOf : undefined };
}
