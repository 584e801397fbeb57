import { Mark, RelativeDate, type TableColumn } from "../../ui";
import type { User } from "./words";

export function userColumns(term: string, me: string): TableColumn<User>[] {
  const rolesOf = (row: User) => row.roles.map((role) => role.name).join(", ");
  return [
    {
      id: "name",
      header: "User name",
      sort: "name",
      title: (row) => row.name,
      cell: (row) => (
        <>
          <Mark text={row.name} term={term} />
          {row.id === me && " (you)"}
        </>
      ),
    },
    {
      id: "full_name",
      header: "Full name",
      sort: "full_name",
      title: (row) => row.full_name,
      cell: (row) => <Mark text={row.full_name} term={term} />,
    },
    {
      id: "roles",
      header: "Roles",
      sort: "roles",
      title: rolesOf,
      cell: (row) => <Mark text={rolesOf(row)} term={term} />,
    },
    {
      id: "status",
      header: "Status",
      sort: "status",
      width: "minmax(6rem, 0.6fr)",
      title: (row) => (row.must_change ? "The password must be changed at the next sign-in." : ""),
      cell: (row) => (row.active ? "Active" : "Off"),
    },
    {
      id: "last_sign_in",
      header: "Last sign-in",
      sort: "last_sign_in",
      width: "minmax(9rem, 0.8fr)",
      cell: (row) => (row.last_sign_in_ms > 0 ? <RelativeDate at={new Date(row.last_sign_in_ms)} /> : "Never"),
    },
  ];
}
