import { Checkbox } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import styles from "./RoleGrid.module.css";
import type { Permission, Role } from "./words";

interface RoleCellProps {
  role: Role;
  permission: Permission;
  ticked: boolean;
  /** Whether the tick differs from what is saved. */
  changed: boolean;
  /** Whether this person may change it. */
  open: boolean;
  /** Its row and column among the ticks that can be changed. */
  at: string;
  /** Whether the Tab key stops at this tick. */
  stop: boolean;
  onFocus: () => void;
  onTurn: () => void;
}

/** Whether a role has a permission: a checkbox, or an icon for a person who may not change it. */
export function RoleCell(props: RoleCellProps) {
  const { role, permission, ticked, changed, open, at, stop, onFocus, onTurn } = props;
  if (role.locked) {
    return (
      <td className={styles.cell}>
        <Checkbox
          size="xs"
          checked
          disabled
          readOnly
          aria-label={`${permission.label}, ${role.name}, cannot be changed`}
          classNames={{ body: styles.tick }}
        />
      </td>
    );
  }
  if (!open) {
    return (
      <td className={styles.cell}>
        {ticked ? <IconCheck size={16} aria-hidden /> : <IconMinus size={14} className={styles.no} aria-hidden />}
        <span className="visually-hidden">{ticked ? "Yes" : "No"}</span>
      </td>
    );
  }
  return (
    <td className={styles.cell} data-changed={changed || undefined}>
      <Checkbox
        size="xs"
        checked={ticked}
        aria-label={`${permission.label}, ${role.name}`}
        classNames={{ body: styles.tick }}
        tabIndex={stop ? 0 : -1}
        data-at={at}
        onFocus={onFocus}
        onChange={onTurn}
      />
    </td>
  );
}
