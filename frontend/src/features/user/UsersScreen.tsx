import { Button, Tabs } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { user } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { Screen } from "../../shell/Screen";
import { ScreenHeader } from "../../ui";
import { RoleGrid } from "./RoleGrid";
import { UserList } from "./UserList";
import styles from "./UsersScreen.module.css";

interface UsersScreenProps {
  tab: "users" | "roles";
  /** The user whose form is open, or "new". */
  userId: string;
}

/** Who may sign in, and what each may do (UI.md, Users and roles on screen). */
export function UsersScreen({ tab, userId }: UsersScreenProps) {
  const [, navigate] = useLocation();
  const mayCreate = useCan(tab === "users" ? user.Create : user.CreateRole);
  const [creatingRole, setCreatingRole] = useState(false);
  return (
    <Screen>
      <ScreenHeader title="Users & Roles" subtitle="Who may sign in, and what each may do">
        {mayCreate && tab === "users" && <Button onClick={() => navigate("/users/new")}>Create user</Button>}
        {mayCreate && tab === "roles" && <Button onClick={() => setCreatingRole(true)}>Create role</Button>}
      </ScreenHeader>
      <Tabs
        className={styles.tabs}
        value={tab}
        onChange={(next) => navigate(next === "roles" ? "/users/roles" : "/users")}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="users">Users</Tabs.Tab>
          <Tabs.Tab value="roles">Roles</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users" className={styles.panel}>
          <UserList openId={userId} />
        </Tabs.Panel>
        <Tabs.Panel value="roles" className={styles.panel}>
          <RoleGrid creating={creatingRole} onCreated={() => setCreatingRole(false)} />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  );
}
