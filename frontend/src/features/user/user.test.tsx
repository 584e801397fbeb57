import { notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Permission as Right } from "../../bridge/operation";
import { fakeGo, faultLine, lateAnswer, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { fill, user } from "../../testing/user";
import Users from "./index";
import { ticksOf, turned } from "./roleDrafts";
import type { Permission, Role, User } from "./words";

afterEach(() => notifications.clean());

const all: Right[] = ["user.view", "user.create", "user.edit", "user.delete"];

const permissions: Permission[] = [
  { permission: "setup.create", group: "API Key Setup", label: "Can Create API Key Setup" },
  { permission: "setup.edit", group: "API Key Setup", label: "Can Edit API Key Setup" },
  { permission: "setup.delete", group: "API Key Setup", label: "Can Delete API Key Setup" },
  { permission: "setup.view", group: "API Key Setup", label: "Can View API Key Setup" },
  { permission: "user.view", group: "Users & Roles", label: "Can View Users & Roles" },
];
const role = (id: string, name: string, more: Partial<Role> = {}): Role => ({
  id,
  name,
  built_in: true,
  locked: false,
  permissions: ["setup.view"],
  users: 1,
  version: 4,
  ...more,
});
const roles = [
  role("org_admin", "Org Admin", { locked: true, permissions: permissions.map((each) => each.permission) }),
  role("operator", "Operator"),
  role("viewer", "Viewer"),
  role("desk", "Front desk", { built_in: false, users: 0 }),
];
const person = (id: string, name: string, full: string, roleId: string, more: Partial<User> = {}): User => ({
  id,
  name,
  full_name: full,
  roles: roles.filter((each) => each.id === roleId).map(({ id, name }) => ({ id, name })),
  active: true,
  must_change: false,
  last_sign_in_ms: 0,
  created_ms: 1,
  version: 2,
  ...more,
});
const users = [
  person("user-1", "asha", "Asha Rao", "org_admin", { last_sign_in_ms: Date.now() - 7_200_000 }),
  person("u2", "meera", "Meera Iyer", "operator"),
  person("u3", "vera", "Vera Lindt", "viewer", { active: false }),
];

function open(at: string, answers: Parameters<typeof fakeGo>[0] = {}, rights = all) {
  const go = fakeGo({
    "User.List": ({ search }: { search: string }) => users.filter((each) => each.name.includes(search)),
    "User.Roles": () => roles,
    "User.Permissions": () => permissions,
    ...answers,
  });
  renderInShell(<Users />, { at, session: signedIn(rights) });
  return go;
}
const row = async (name: string) =>
  (await screen.findByText(name)).closest<HTMLElement>('[role="row"]') ?? document.body;
const tick = (label: string) => screen.findByRole<HTMLInputElement>("checkbox", { name: label });
const passwordNeeded = () =>
  faultLine("forbidden", "access.password_needed", "Enter your password once more for this.");

test("A08: the list tells names, roles, state and last sign-in; search asks Go, filters and sorts narrow it", async () => {
  const go = open("/users");
  const meera = await row("Meera Iyer");
  expect(meera.textContent).toContain("Operator");
  expect(meera.textContent).toContain("Never");
  expect((await row("Asha Rao")).textContent).toContain("2 hours ago");
  expect((await row("Vera Lindt")).textContent).toContain("Off");
  expect(screen.getByText("3 users")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Full name" }));
  await user.click(screen.getByRole("button", { name: "Full name" }));
  const names = screen
    .getAllByRole("row")
    .slice(1)
    .map((each) => within(each).getAllByRole("gridcell")[0]?.textContent);
  expect(names).toEqual(["vera", "meera", "asha (you)"]);
  await user.type(screen.getByLabelText("Search name, role"), "mee");
  await screen.findByText("1 user");
  expect(go.inputs("User.List")).toContainEqual({ search: "mee" });
  expect(await axeFindings()).toEqual([]);
});

test("people cannot delete, switch off or reset themselves", async () => {
  open("/users");
  const me = within(await row("Asha Rao"));
  expect(me.getAllByRole("button").map((each) => each.getAttribute("aria-label"))).toEqual(["Edit"]);
  const other = within(await row("Meera Iyer"));
  expect(other.getAllByRole("button").map((each) => each.getAttribute("aria-label"))).toEqual([
    "Edit",
    "Reset password",
    "Switch off",
    "Delete",
  ]);
});

test("A08: a new user gets names, roles and a password typed twice; a difference sends nothing", async () => {
  const go = open("/users/new", { "User.Create": (input: User) => person("u9", input.name, "", "viewer") });
  await user.type(await screen.findByLabelText("User name"), "ravi");
  await user.click(screen.getByRole("combobox", { name: "Roles" }));
  await user.click(await screen.findByRole("option", { name: "Viewer" }));
  fill(screen.getByLabelText("Password"), "river-lamp-sofa-9");
  fill(screen.getByLabelText("Password again"), "river-lamp-sofa-8");
  expect(screen.getByText(/must be changed at the next sign-in/)).toBeTruthy();
  const create = within(screen.getByRole("dialog")).getByRole("button", { name: "Create user" });
  await user.click(create);
  await screen.findByText("The two passwords differ.");
  expect(go.inputs("User.Create")).toEqual([]);
  await user.type(screen.getByLabelText("Password again"), "{Backspace}9");
  await user.click(create);
  await waitFor(() =>
    expect(go.inputs("User.Create")).toEqual([
      { name: "ravi", full_name: "", role_ids: ["viewer"], password: "river-lamp-sofa-9" },
    ]),
  );
  await waitFor(() => expect(location.hash).toBe("#/users"));
});

test("Go's messages are shown at their inputs", async () => {
  open("/users/new", {
    "User.Create": () => {
      throw faultLine("invalid", "user.invalid", "Some fields need a change.", {
        fields: [
          { name: "name", message: "Fill this in." },
          { name: "password", message: "Use at least 12 characters." },
          { name: "role_ids", message: "Choose at least one role." },
        ],
      });
    },
  });
  await screen.findByLabelText("User name");
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Create user" }));
  await screen.findByText("Fill this in.");
  expect(screen.getByLabelText("User name").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText("Password").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Choose at least one role.")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("the last Org Admin cannot be switched off: the refusal says so and stays", async () => {
  const go = open("/users", {
    "User.Update": () => {
      throw faultLine("conflict", "user.last_admin", "At least one active Org Admin must remain.", {
        hint: "Make somebody else an Org Admin first.",
      });
    },
  });
  await user.click(within(await row("Meera Iyer")).getByRole("button", { name: "Switch off" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Switch off" }));
  expect((await screen.findByRole("alert")).textContent).toBe(
    "At least one active Org Admin must remain.Make somebody else an Org Admin first.",
  );
  expect(go.inputs("User.Update")).toEqual([
    { id: "u2", version: 2, name: "meera", full_name: "Meera Iyer", role_ids: ["operator"], active: false },
  ]);
});

test("a deletion asks; Keep deletes nothing", async () => {
  const go = open("/users", { "User.Delete": () => ({}) });
  const ask = async () => {
    await user.click(within(await row("Meera Iyer")).getByRole("button", { name: "Delete" }));
    return within(await screen.findByRole("dialog"));
  };
  await user.click((await ask()).getByRole("button", { name: "Keep" }));
  expect(go.inputs("User.Delete")).toEqual([]);
  await user.click((await ask()).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(go.inputs("User.Delete")).toEqual([{ id: "u2", version: 2 }]));
});

test("a reset asks for the person's password where Go wants it, and is then done once", async () => {
  let confirmed = false;
  const go = open("/users", {
    "User.ResetPassword": () => {
      if (!confirmed) throw passwordNeeded();
      return users[1];
    },
    "User.ConfirmPassword": () => {
      confirmed = true;
      return {};
    },
  });
  await user.click(within(await row("Meera Iyer")).getByRole("button", { name: "Reset password" }));
  fill(await screen.findByLabelText("New password"), "river-lamp-sofa-9");
  fill(screen.getByLabelText("New password again"), "river-lamp-sofa-9");
  const dialog = screen.getByRole("dialog", { name: "Reset the password of meera" });
  await user.click(within(dialog).getByRole("button", { name: "Reset password" }));
  fill(await screen.findByLabelText("Password"), "my own words 12");
  await user.click(screen.getByRole("button", { name: "Continue" }));
  await screen.findByText(/signs in with the new password and then changes it/);
  expect(go.inputs("User.ConfirmPassword")).toEqual([{ password: "my own words 12" }]);
  expect(go.inputs("User.ResetPassword")).toHaveLength(2);
});

test("A18: with Can View alone nothing can be changed, and a row opens read-only", async () => {
  open("/users/u2", {}, ["user.view"]);
  const form = await screen.findByRole("dialog", { name: "View meera" });
  expect(within(form).getByLabelText("User name").hasAttribute("readonly")).toBe(true);
  expect(within(form).queryByRole("button", { name: "Update" })).toBeNull();
  await user.click(within(form).getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("button", { name: "Create user" })).toBeNull();
  expect(within(await row("Meera Iyer")).queryAllByRole("button")).toEqual([]);
  location.hash = "/users/roles";
  await screen.findByRole("table");
  expect(screen.queryByRole("checkbox", { name: /, Operator$/ })).toBeNull();
  expect(screen.queryByRole("button", { name: /^(More|Create|Save)/ })).toBeNull();
});

test("A14 A15 A16 A17: the grid begins with the four permissions of API Key Setup; Org Admin holds all and is locked", async () => {
  open("/users/roles");
  await screen.findByRole("table");
  const labels = screen.getAllByRole("rowheader").map((each) => each.textContent);
  expect(labels.filter((each) => each?.startsWith("Can")).slice(0, 4)).toEqual([
    "Can Create API Key Setup",
    "Can Edit API Key Setup",
    "Can Delete API Key Setup",
    "Can View API Key Setup",
  ]);
  for (const { label } of permissions) {
    const box = await tick(`${label}, Org Admin, cannot be changed`);
    expect(box.checked && box.disabled).toBe(true);
  }
  expect(await axeFindings()).toEqual([]);
});

test("A18: ticks are kept per role, with a mark until they are saved, and the password asked for", async () => {
  let confirmed = false;
  let kept = roles;
  const go = open("/users/roles", {
    "User.Roles": () => kept,
    "User.UpdateRole": (input: Role) => {
      if (!confirmed) throw passwordNeeded();
      kept = kept.map((each) => (each.id === input.id ? { ...each, ...input, version: each.version + 1 } : each));
      return kept[1];
    },
    "User.ConfirmPassword": () => {
      confirmed = true;
      return {};
    },
  });
  await user.click(await tick("Can Create API Key Setup, Operator"));
  expect(screen.getByText("Not saved")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Save Viewer" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Save Operator" }));
  fill(await screen.findByLabelText("Password"), "my own words 12");
  await user.type(screen.getByLabelText("Password"), "{Enter}");
  await waitFor(() => expect(screen.queryByText("Not saved")).toBeNull());
  expect(go.inputs("User.UpdateRole")).toHaveLength(2);
  expect(go.inputs("User.UpdateRole")[1]).toEqual({
    id: "operator",
    version: 4,
    name: "Operator",
    permissions: ["setup.create", "setup.view"],
  });
  expect((await tick("Can Create API Key Setup, Operator")).checked).toBe(true);
});

test("a role with more rights than the person has is refused with a reason, and the ticks stay", async () => {
  open("/users/roles", {
    "User.UpdateRole": () => {
      throw faultLine(
        "forbidden",
        "user.beyond_you",
        "The role Operator holds the permission Can Send, which you do not have.",
        {
          hint: "Ask an Org Admin to do it.",
        },
      );
    },
  });
  await user.click(await tick("Can Edit API Key Setup, Operator"));
  await user.keyboard("{Control>}s{/Control}");
  expect((await screen.findByRole("alert")).textContent).toContain("which you do not have");
  expect((await tick("Can Edit API Key Setup, Operator")).checked).toBe(true);
  await user.click(screen.getByRole("button", { name: "Undo changes of Operator" }));
  expect((await tick("Can Edit API Key Setup, Operator")).checked).toBe(false);
});

test("arrows move between the ticks, which are one stop of the Tab key; the locked column is skipped", async () => {
  open("/users/roles");
  const first = await tick("Can Create API Key Setup, Operator");
  const stops = screen.getAllByRole("checkbox").filter((each) => each.tabIndex === 0 && !each.hasAttribute("disabled"));
  expect(stops).toEqual([first]);
  first.focus();
  await user.keyboard("{ArrowDown}{ArrowRight}");
  expect(document.activeElement).toBe(await tick("Can Edit API Key Setup, Viewer"));
  await user.keyboard(" {Home}{ArrowLeft}");
  expect((await tick("Can Edit API Key Setup, Viewer")).checked).toBe(true);
  expect(document.activeElement).toBe(await tick("Can Edit API Key Setup, Operator"));
});

test("a role is copied, renamed and deleted; deleting one that is in use is refused with a link to its users", async () => {
  const go = open("/users/roles", {
    "User.CreateRole": () => roles[3],
    "User.DeleteRole": () => {
      throw faultLine("conflict", "user.role_in_use", "Users have this role, so it cannot be deleted.", {
        links: [{ kind: "user", id: "u2", name: "meera" }],
      });
    },
  });
  await user.click(await screen.findByRole("button", { name: "Create role" }));
  fill(screen.getByLabelText("Role name"), "Night shift");
  await user.click(screen.getByRole("combobox", { name: "Start with the permissions of" }));
  await user.click(await screen.findByRole("option", { name: "Operator" }));
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Create role" }));
  await waitFor(() =>
    expect(go.inputs("User.CreateRole")).toEqual([{ name: "Night shift", permissions: ["setup.view"] }]),
  );
  await user.click(screen.getByRole("button", { name: "More for Viewer" }));
  expect(screen.queryByRole("menuitem", { name: "Delete" })).toBeNull();
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "More for Front desk" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
  expect((await screen.findByRole("link", { name: "meera" })).getAttribute("href")).toBe("#/users/u2");
});

test("leaving unsaved ticks asks first", async () => {
  open("/users/roles");
  await user.click(await tick("Can Edit API Key Setup, Viewer"));
  await user.click(screen.getByRole("tab", { name: "Users" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Stay" }));
  expect(location.hash).toBe("#/users/roles");
  expect((await tick("Can Edit API Key Setup, Viewer")).checked).toBe(true);
});

test("a tick turned twice leaves nothing to save", () => {
  const operator = role("operator", "Operator");
  const once = turned(new Map(), operator, "setup.edit");
  expect([...ticksOf(operator, once)]).toEqual(["setup.view", "setup.edit"]);
  expect(turned(once, operator, "setup.edit").size).toBe(0);
});

test("S2: a tick changed while its role is saved stays changed", async () => {
  const late = lateAnswer();
  open("/users/roles", { "User.UpdateRole": late.answer(() => roles[1]) });
  await user.click(await tick("Can Edit API Key Setup, Operator"));
  await user.keyboard("{Control>}s{/Control}");
  await user.click(await tick("Can Delete API Key Setup, Operator"));
  late.arrive();
  await waitFor(() => expect(screen.getByRole("button", { name: "Save Operator" })).toBeTruthy());
  expect((await tick("Can Delete API Key Setup, Operator")).checked).toBe(true);
});
