import { Checkbox } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import styles from "./RoleGrid.module.css";
import type { Permission, Role } from "./words";

interface RoleCellProps {
  role: Role;
  permission: Permission;
  ticked: boolean;
  /** Differs from what is kept. */
  changed: boolean;
  /** Can be turned by this person. */
  open: boolean;
  /** Its row and column among those that can be turned. */
  at: string;
  /** The one tick that the Tab key stops at. */
  stop: boolean;
  onFocus: () => void;
  onTurn: () => void;
}

/** Whether a role holds a permission; a sign where it cannot be turned, so that nothing looks as if it could. */
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
