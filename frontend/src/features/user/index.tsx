import { useRoute } from "wouter";
import { UsersScreen } from "./UsersScreen";

/** `/users`, `/users/new`, `/users/:userId` and the tab `/users/roles`. */
export default function Users() {
  const [, params] = useRoute("/users/:part");
  const part = params?.part ?? "";
  return part === "roles" ? <UsersScreen tab="roles" userId="" /> : <UsersScreen tab="users" userId={part} />;
}
