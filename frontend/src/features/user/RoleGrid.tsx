import { Skeleton, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment, type KeyboardEvent, useMemo, useRef, useState } from "react";
import { user } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { type Fault, faultOf } from "../../bridge/fault";
import { invalidate, read } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { wasGivenUp } from "../../shell/password";
import { countText, ErrorState, SearchBar, useConfirm, useHotkey, useUnsaved, Waiting } from "../../ui";
import { RoleCell } from "./RoleCell";
import { RoleDialog, type RoleTask } from "./RoleDialog";
import styles from "./RoleGrid.module.css";
import { RoleHead } from "./RoleHead";
import { type Drafts, ticksOf, turned, without } from "./roleDrafts";
import { useConfirmedWrite } from "./useConfirmedWrite";
import type { Permission, Role } from "./words";

interface RoleGridProps {
  /** Create role was pressed. */
  creating: boolean;
  onCreated: () => void;
}

const noDrafts: Drafts = new Map();

/**
 * Permissions are rows, roles are columns (UI.md, Users and roles on screen). The ticks are one stop of the Tab key;
 * arrows move between them and Space changes one. Each role is saved separately; Ctrl+S saves all that changed.
 */
export function RoleGrid({ creating, onCreated }: RoleGridProps) {
  const client = useQueryClient();
  const confirm = useConfirm();
  const mayEdit = useCan(user.UpdateRole);
  const roles = useQuery(read(user.Roles, undefined));
  const permissions = useQuery(read(user.Permissions, undefined));
  const update = useConfirmedWrite(user.UpdateRole);
  const remove = useConfirmedWrite(user.DeleteRole);
  const [drafts, setDrafts] = useState(noDrafts);
  const [fault, setFault] = useState<Fault | null>(null);
  const [saving, setSaving] = useState("");
  const [task, setTask] = useState<RoleTask | null>(null);
  const [search, setSearch] = useState("");
  const [at, setAt] = useState({ row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  useUnsaved(drafts.size > 0, "the roles");

  const list = roles.data ?? [];
  const term = search.trim().toLowerCase();
  const rows = useMemo(
    () => (permissions.data ?? []).filter((each) => `${each.group} ${each.label}`.toLowerCase().includes(term)),
    [permissions.data, term],
  );
  const open = list.filter((role) => mayEdit && !role.locked);

  const save = async (role: Role) => {
    const ticks = drafts.get(role.id);
    if (!ticks || saving) return;
    setFault(null);
    setSaving(role.id);
    try {
      const wanted = (permissions.data ?? []).map((each) => each.permission).filter((each) => ticks.has(each));
      await update.mutateAsync({ id: role.id, version: role.version, name: role.name, permissions: wanted });
      await roles.refetch();
      // Ticks changed while it was saved stay changed.
      setDrafts((now) => (now.get(role.id) === ticks ? without(now, role.id) : now));
    } catch (cause) {
      const refused = faultOf(cause);
      if (!wasGivenUp(refused)) setFault(refused);
    } finally {
      setSaving("");
    }
  };
  const saveAll = async () => {
    for (const role of list) await save(role);
  };
  useHotkey({ save: drafts.size > 0 ? () => void saveAll() : undefined });

  const askDelete = async (role: Role) => {
    const yes = await confirm({
      question: `Delete the role “${role.name}”?`,
      consequence: "A role that somebody has cannot be deleted; give them another one first.",
      yes: "Delete",
      no: "Keep",
      danger: true,
    });
    if (!yes) return;
    setFault(null);
    try {
      await remove.mutateAsync({ id: role.id, version: role.version });
      setDrafts((now) => without(now, role.id));
    } catch (cause) {
      const refused = faultOf(cause);
      if (!wasGivenUp(refused)) setFault(refused);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLInputElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      Home: [0, -open.length],
      End: [0, open.length],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const row = Math.max(0, Math.min(rows.length - 1, at.row + move[0]));
    const column = Math.max(0, Math.min(open.length - 1, at.column + move[1]));
    table.current?.querySelector<HTMLElement>(`input[data-at="${row},${column}"]`)?.focus();
  };

  const trouble = roles.error ?? permissions.error;
  if (roles.isPending || permissions.isPending) return <Waiting what="Reading the roles" skeleton={<GridSkeleton />} />;
  if (trouble && (!roles.data || !permissions.data)) {
    const again = () => {
      void roles.refetch();
      void permissions.refetch();
    };
    return <ErrorState trouble={trouble} onRetry={again} />;
  }

  return (
    <>
      <SearchBar
        value={search}
        onChange={setSearch}
        placeholder="Search permission"
        count={countText(list.length, false, "role", "roles")}
      />
      {fault && (
        <FaultNote
          fault={fault}
          onClose={() => setFault(null)}
          onReload={() => {
            setFault(null);
            setDrafts(noDrafts);
            void invalidate(client, "user");
          }}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls. */}
      <section className={styles.scroller} aria-label="Permissions by role" tabIndex={0}>
        <table ref={table} className={styles.table} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <th scope="col" className={styles.corner}>
                Permission
              </th>
              {list.map((role) => (
                <RoleHead
                  key={role.id}
                  role={role}
                  changed={drafts.has(role.id)}
                  saving={saving === role.id}
                  onSave={() => void save(role)}
                  onUndo={() => setDrafts((now) => without(now, role.id))}
                  onTask={setTask}
                  onDelete={() => void askDelete(role)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((permission, row) => (
              <Fragment key={permission.permission}>
                {permission.group !== rows[row - 1]?.group && (
                  <tr>
                    <th scope="rowgroup" colSpan={list.length + 1} className={styles.group}>
                      <span>{permission.group}</span>
                    </th>
                  </tr>
                )}
                <tr>
                  <th scope="row" className={styles.label}>
                    {permission.label}
                  </th>
                  {list.map((role) => (
                    <RoleCell
                      key={role.id}
                      role={role}
                      permission={permission}
                      ticked={ticksOf(role, drafts).has(permission.permission)}
                      changed={isChanged(role, permission, drafts)}
                      open={open.includes(role)}
                      at={`${row},${open.indexOf(role)}`}
                      stop={Math.min(at.row, rows.length - 1) === row && open[at.column] === role}
                      onFocus={() => setAt({ row, column: open.indexOf(role) })}
                      onTurn={() => setDrafts((now) => turned(now, role, permission.permission))}
                    />
                  ))}
                </tr>
              </Fragment>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className={styles.none}>No permission is called that.</p>}
      </section>
      {(creating || task) && (
        <RoleDialog
          task={task ?? { kind: "create", copy: null }}
          roles={list}
          onClose={() => {
            setTask(null);
            onCreated();
          }}
        />
      )}
    </>
  );
}

function isChanged(role: Role, permission: Permission, drafts: Drafts): boolean {
  const draft = drafts.get(role.id);
  return draft !== undefined && draft.has(permission.permission) !== role.permissions.includes(permission.permission);
}

function GridSkeleton() {
  return (
    <Stack gap="md" aria-hidden>
      {[90, 82, 86, 78, 88, 80].map((width) => (
        <Skeleton key={width} height="0.75rem" width={`${width}%`} />
      ))}
    </Stack>
  );
}
