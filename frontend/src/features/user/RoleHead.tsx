import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconCopy, IconDots, IconLock, IconPencil, IconTrash } from "@tabler/icons-react";
import { user } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import type { RoleTask } from "./RoleDialog";
import styles from "./RoleGrid.module.css";
import { counted, type Role } from "./words";

interface RoleHeadProps {
  role: Role;
  changed: boolean;
  saving: boolean;
  onSave: () => void;
  onUndo: () => void;
  onTask: (task: RoleTask) => void;
  onDelete: () => void;
}

/** The header of a role's column: its name, its menu and, after a change, Save. Nothing jumps when Save appears. */
export function RoleHead({ role, changed, saving, onSave, onUndo, onTask, onDelete }: RoleHeadProps) {
  const mayCreate = useCan(user.CreateRole);
  const mayRename = useCan(user.UpdateRole) && !role.locked;
  const mayDelete = useCan(user.DeleteRole) && !role.built_in;
  return (
    <th scope="col" className={styles.head}>
      <div className={styles.top}>
        <span className={styles.role} dir="auto" title={role.name}>
          {role.name}
        </span>
        {(mayCreate || mayRename || mayDelete) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`More for ${role.name}`}>
                <IconDots size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayRename && (
                <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onTask({ kind: "rename", role })}>
                  Rename
                </Menu.Item>
              )}
              {mayCreate && (
                <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => onTask({ kind: "create", copy: role })}>
                  Copy to a new role
                </Menu.Item>
              )}
              {mayDelete && (
                <Menu.Item leftSection={<IconTrash size={16} />} onClick={onDelete}>
                  Delete
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <div className={styles.users}>
        {role.locked ? (
          <>
            <IconLock size={12} aria-hidden /> Has all permissions
          </>
        ) : changed ? (
          <span className={styles.unsaved}>Not saved</span>
        ) : (
          counted(role.users, "user")
        )}
      </div>
      <div className={styles.save}>
        {changed && (
          <>
            <Button size="compact-xs" loading={saving} aria-label={`Save ${role.name}`} onClick={onSave}>
              Save
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Undo changes of ${role.name}`}
              onClick={onUndo}
            >
              Undo
            </Button>
          </>
        )}
      </div>
    </th>
  );
}
