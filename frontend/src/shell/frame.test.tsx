import { IconUsers } from "@tabler/icons-react";
import { act, render, screen, waitFor } from "@testing-library/react";
import { lazy, useState } from "react";
import { expect, test } from "vitest";
import type { Permission } from "../bridge/operation";
import { makeClient } from "../bridge/query";
import type { Session } from "../bridge/session";
import { fakeDoor, fakeGo, faultLine, signedIn } from "../testing/bridge";
import { axeFindings, renderInShell } from "../testing/render";
import { fill, user } from "../testing/user";
import { ScreenHeader, useUnsaved } from "../ui";
import { Boot } from "./Boot";
import type { Entry } from "./entries";
import { Providers } from "./Providers";
import { useWithPassword } from "./password";
import { Screen } from "./Screen";

function Users() {
  const [name, setName] = useState("");
  useUnsaved(name !== "");
  return (
    <Screen>
      <ScreenHeader title="Users & Roles" />
      <input aria-label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
    </Screen>
  );
}

const entries: Entry[] = [
  {
    path: "/users",
    group: "Office",
    label: "Users & Roles",
    icon: IconUsers,
    needs: "user.view",
    screen: lazy(async () => ({ default: Users })),
  },
];

function open(rights: Permission[], answers: Parameters<typeof fakeGo>[0] = {}, more: Partial<Session> = {}) {
  const go = fakeGo({ "Organisation.Steps": () => [], ...answers });
  const door = fakeDoor(signedIn(["user.view", ...rights], more));
  const gates = { SignIn: () => <p>sign in</p>, Locked: () => <p>locked</p> };
  render(
    <Providers client={makeClient()} env="test">
      <Boot door={door} gates={gates} entries={entries} />
    </Providers>,
  );
  return { go, door };
}

const press = async (name: string | RegExp) => user.click(await screen.findByRole("button", { name }));
const choose = async (name: string) => {
  await press("Asha Rao");
  await user.click(await screen.findByRole("menuitem", { name }));
};

test("the user menu shows the person and their roles, and locks", async () => {
  open(
    [],
    {},
    { user: { id: "u", name: "Asha Rao", full_name: "Asha Devi Rao", roles: ["Manager"], is_org_admin: false } },
  );
  await press("Asha Rao");
  await screen.findByText("Asha Devi Rao");
  expect(screen.getByText("Manager")).toBeTruthy();
  await user.click(screen.getByRole("menuitem", { name: "Lock now" }));
  await screen.findByText("locked");
});

test("A07: everybody changes their own password; a refusal is shown at its input", async () => {
  const { go } = open([], {
    "User.ChangePassword": () => {
      throw faultLine("invalid", "user.wrong_password", "The password is wrong.", {
        fields: [{ name: "old_password", message: "The password is wrong." }],
      });
    },
  });
  await choose("Change password");
  fill(await screen.findByLabelText("Current password"), "nearly");
  fill(screen.getByLabelText("New password"), "seven quiet lanterns");
  fill(screen.getByLabelText("New password again"), "seven quiet lanterns");
  expect(await axeFindings()).toEqual([]);
  await press("Change password");
  await screen.findByText("The password is wrong.");
  go.answer("User.ChangePassword", () => ({}));
  await press("Change password");
  await screen.findByText("Your password is changed.");
  expect(go.inputs("User.ChangePassword").at(-1)).toEqual({
    old_password: "nearly",
    new_password: "seven quiet lanterns",
  });
});

test("signing out asks about an unsaved form first; locking does not", async () => {
  const { door } = open([]);
  await user.type(await screen.findByLabelText("Name"), "half");
  await choose("Sign out");
  await press("Stay");
  expect(door.session.state).toBe("ready");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("half");
  await choose("Sign out");
  await press("Leave");
  await screen.findByText("sign in");
});

test("A07: unlocking restores the form, with the cursor where it was", async () => {
  const { go, door } = open([]);
  const field = await screen.findByLabelText<HTMLInputElement>("Name");
  await user.type(field, "half");
  const there = door.session;
  door.session = { ...there, state: "locked" };
  act(() => go.emit("changed", "session"));
  await screen.findByText("locked");
  act(() => field.blur());
  door.session = there;
  act(() => go.emit("changed", "session"));
  await waitFor(() => expect(document.activeElement).toBe(field));
  expect(field.value).toBe("half");
});

const steps = (place: boolean, setup: boolean, test: boolean) => [
  { name: "place", done: place },
  { name: "setup", done: setup },
  { name: "test", done: test },
];

test("the getting-started steps tick themselves off, lead to their screens and can be closed", async () => {
  open(["setup.create"], { "Organisation.Steps": () => steps(true, false, false) });
  await screen.findByRole("heading", { name: /Getting started/ });
  expect(screen.getByRole("link", { name: /Make a process/ }).textContent).toContain("done");
  const next = screen.getByRole("link", { name: /Describe an API call/ });
  expect(next.textContent).not.toContain("done");
  expect(next.getAttribute("href")).toBe("#/setups/new");
  await press("Close the getting-started steps");
  expect(screen.queryByRole("heading", { name: /Getting started/ })).toBeNull();
});

test("the getting-started steps are not beside the dashboard, which has them as a part", async () => {
  fakeGo({ "Organisation.Steps": () => steps(true, false, false) });
  const dashboard = { path: "/dashboard", label: "Dashboard", needs: "user.view" as const };
  const shown = lazy(async () => ({ default: () => <ScreenHeader title="Dashboard" /> }));
  render(
    <Providers client={makeClient()} env="test">
      <Boot
        door={fakeDoor(signedIn(["user.view", "setup.create"]))}
        gates={{}}
        entries={[{ ...(entries[0] as Entry), ...dashboard, screen: shown }, ...entries]}
      />
    </Providers>,
  );
  await screen.findByRole("heading", { name: "Dashboard", level: 1 });
  expect(screen.queryByText(/Getting started/)).toBeNull();
  await user.click(screen.getByRole("link", { name: "Users & Roles" }));
  await screen.findByText(/Getting started/);
});

test("the getting-started steps are gone when all are done, in the demo, and for people who may make nothing", async () => {
  const { go } = open(["setup.create"], { "Organisation.Steps": () => steps(true, true, true) });
  await screen.findByLabelText("Name");
  await waitFor(() => expect(go.inputs("Organisation.Steps")).toHaveLength(1));
  expect(screen.queryByText(/Getting started/)).toBeNull();
});

test("a person who may make nothing is not asked to get started", async () => {
  const { go } = open([], { "Organisation.Steps": () => steps(false, false, false) });
  await screen.findByLabelText("Name");
  expect(screen.queryByText(/Getting started/)).toBeNull();
  expect(go.inputs("Organisation.Steps")).toEqual([]);
});

test("the demo office always says so, and leads back", async () => {
  const person = { name: "asha", full_name: "Asha Rao", role: "org_admin", password: "asha-opens-the-desk" };
  const { go } = open(["setup.create"], { "Window.CloseDemo": () => null }, { demo_users: [person] });
  await screen.findByText(/This is the demo office/);
  await press("Back to my office");
  expect(go.inputs("Window.CloseDemo")).toHaveLength(1);
  expect(screen.queryByText("asha-opens-the-desk")).toBeNull();
});

function Dangerous({ call }: { call: () => Promise<string> }) {
  const withPassword = useWithPassword();
  const [outcome, setOutcome] = useState("");
  const run = () => withPassword(call).then(setOutcome, (cause) => setOutcome(`refused ${cause.code}`));
  return (
    <>
      <button type="button" onClick={() => void run()}>
        Do it
      </button>
      <output>{outcome}</output>
    </>
  );
}

const needed = () => {
  throw faultLine("forbidden", "access.password_needed", "Enter your password once more for this.");
};

test("an action that needs a fresh password asks for it once and is then done", async () => {
  let fresh = false;
  const tries: boolean[] = [];
  const go = fakeGo({
    "User.ConfirmPassword": (input: { password: string }) => {
      if (input.password !== "right one") {
        throw faultLine("invalid", "user.wrong_password", "The password is wrong.", {
          fields: [{ name: "password", message: "The password is wrong." }],
        });
      }
      fresh = true;
      return {};
    },
  });
  renderInShell(
    <Dangerous
      call={async () => {
        tries.push(fresh);
        return fresh ? "done" : needed();
      }}
    />,
  );
  await press("Do it");
  await screen.findByText("Enter your password once more for this.");
  await user.type(screen.getByLabelText("Password"), "wrong one");
  await press("Continue");
  await screen.findByText("The password is wrong.");
  expect(tries).toEqual([false]);
  await user.type(screen.getByLabelText("Password"), "right one");
  await press("Continue");
  await screen.findByText("done");
  expect(tries).toEqual([false, true]);
  expect(go.inputs("User.ConfirmPassword")).toHaveLength(2);
});

test("a cancelled action is not done; another refusal asks for no password", async () => {
  const tries: number[] = [];
  fakeGo();
  const { rerender } = renderInShell(
    <Dangerous
      call={async () => {
        tries.push(1);
        return needed();
      }}
    />,
  );
  await press("Do it");
  await press("Cancel");
  await screen.findByText("refused access.password_needed");
  expect(tries).toHaveLength(1);

  rerender(
    <Dangerous
      call={async () => {
        throw faultLine("forbidden", "access.denied", "No.");
      }}
    />,
  );
  await press("Do it");
  await screen.findByText("refused access.denied");
  expect(screen.queryByLabelText("Password")).toBeNull();
});
