import { Button, Select } from "@mantine/core";
import { IconKey, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { user } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { invalidate, read } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { FaultNote } from "../../shell/FaultNote";
import { countText, DataTable, EmptyState, type RowAction, SearchBar, type Sort } from "../../ui";
import { ResetPassword } from "./ResetPassword";
import { UserForm } from "./UserForm";
import { userColumns } from "./userColumns";
import { useUserActions } from "./useUserActions";
import type { User } from "./words";

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

const keys: Record<string, (row: User) => string | number> = {
  name: (row) => row.name,
  full_name: (row) => row.full_name,
  roles: (row) => row.roles.map((role) => role.name).join(", "),
  status: (row) => (row.active ? 0 : 1),
  last_sign_in: (row) => row.last_sign_in_ms,
};

function compare(a: User, b: User, by: string): number {
  const [one, other] = [keys[by]?.(a) ?? "", keys[by]?.(b) ?? ""];
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}

const noUsers: User[] = [];

/** The users of the office. An office has few, so all are read at once and sorted here. */
export function UserList({ openId }: { openId: string }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const me = useSession().user.id;
  const may = { create: useCan(user.Create), edit: useCan(user.Update), delete: useCan(user.Delete) };
  const [search, setSearch] = useState("");
  const [role, setRole] = useState<string | null>(null);
  const [status, setStatus] = useState<string | null>(null);
  const [sort, setSort] = useState<Sort>({ by: "name", descending: false });
  const [resetting, setResetting] = useState<User | null>(null);
  const doing = useUserActions();

  const list = useQuery(read(user.List, { search }, { keep: true }));
  const roles = useQuery(read(user.Roles, undefined));
  const all = list.data ?? noUsers;
  const rows = useMemo(
    () =>
      all
        .filter((row) => !role || row.roles.some((each) => each.id === role))
        .filter((row) => !status || row.active === (status === "active"))
        .sort((a, b) => compare(a, b, sort.by) * (sort.descending ? -1 : 1)),
    [all, role, status, sort],
  );
  const columns = useMemo(() => userColumns(search, me), [search, me]);

  const actions: RowAction<User>[] = [
    ...(may.edit
      ? [
          { label: "Edit", icon: IconPencil, onRun: (row: User) => navigate(`/users/${row.id}`) },
          { label: "Reset password", icon: IconKey, onRun: setResetting, shown: (row: User) => row.id !== me },
          {
            label: "Switch off",
            icon: IconPlayerPause,
            onRun: (row: User) => void doing.switchOff(row),
            shown: (row: User) => row.active && row.id !== me,
          },
          {
            label: "Switch on",
            icon: IconPlayerPlay,
            onRun: (row: User) => void doing.switchOn(row),
            shown: (row: User) => !row.active,
          },
        ]
      : []),
    ...(may.delete
      ? [
          {
            label: "Delete",
            icon: IconTrash,
            hotkey: "Delete",
            onRun: (row: User) => void doing.remove(row),
            shown: (row: User) => row.id !== me,
          },
        ]
      : []),
  ];
  const filtered = search !== "" || role !== null || status !== null;
  const close = () => navigate("/users");
  const reload = () => void invalidate(client, "user");

  return (
    <>
      <SearchBar
        value={search}
        onChange={setSearch}
        placeholder="Search name, role"
        count={list.data && countText(rows.length, false, "user", "users")}
      >
        <Select
          aria-label="Role"
          placeholder="Role: any"
          clearable
          data={(roles.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={role}
          onChange={setRole}
          w="11rem"
        />
        <Select
          aria-label="Status"
          placeholder="Status: any"
          clearable
          data={[
            { value: "active", label: "Active" },
            { value: "off", label: "Off" },
          ]}
          value={status}
          onChange={setStatus}
          w="9rem"
        />
      </SearchBar>
      {doing.fault && (
        <FaultNote
          fault={doing.fault}
          onClose={doing.clear}
          onReload={() => {
            doing.clear();
            reload();
          }}
        />
      )}
      <DataTable
        label="users"
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        sort={sort}
        onSort={setSort}
        onOpen={(row) => navigate(`/users/${row.id}`)}
        actions={actions}
        loading={list.isFetching}
        trouble={list.error}
        onRetry={() => void list.refetch()}
        muted={(row) => !row.active}
        empty={
          filtered ? (
            <EmptyState title="No user matches this search and these filters.">
              <Button
                variant="default"
                onClick={() => {
                  setSearch("");
                  setRole(null);
                  setStatus(null);
                }}
              >
                Clear search and filters
              </Button>
            </EmptyState>
          ) : (
            <EmptyState title="No users yet." text="Each person who works with Keydesk gets their own user.">
              {may.create && <Button onClick={() => navigate("/users/new")}>Create user</Button>}
            </EmptyState>
          )
        }
      />
      {openId === "new" && may.create && <UserForm user={null} roles={roles.data ?? []} onClose={close} />}
      {openId !== "" && openId !== "new" && (
        <OpenUser id={openId} roles={roles.data ?? []} known={all} onClose={close} />
      )}
      {resetting && <ResetPassword user={resetting} onClose={() => setResetting(null)} />}
    </>
  );
}

interface OpenUserProps {
  id: string;
  roles: Parameters<typeof UserForm>[0]["roles"];
  known: User[];
  onClose: () => void;
}

/** The form of the user in the address, who is found even if the search of the list excludes them. */
function OpenUser({ id, roles, known, onClose }: OpenUserProps) {
  const client = useQueryClient();
  const [round, setRound] = useState(0);
  const every = useQuery(read(user.List, { search: "" }));
  const reload = () => void invalidate(client, "user").then(() => setRound((before) => before + 1));
  const found = known.find((row) => row.id === id) ?? every.data?.find((row) => row.id === id);
  if (found) return <UserForm key={`${id} ${round}`} user={found} roles={roles} onClose={onClose} onReload={reload} />;
  if (every.isPending) return null;
  return <EmptyState title="This user is no longer there." text="Choose another one in the list." />;
}
