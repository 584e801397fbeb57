/** Everybody lands on the first screen they may see: the dashboard, if any part of it (C08, UI.md, Screens). */
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Permission } from "../bridge/operation";
import { makeClient } from "../bridge/query";
import { noSession } from "../bridge/session";
import { fakeDoor, fakeGo, signedIn } from "../testing/bridge";
import { user } from "../testing/user";
import { ScreenHeader } from "../ui/ScreenHeader";
import { Boot } from "./Boot";
import { type Entry, entries as planned } from "./entries";
import { navigate } from "./location";
import { Providers } from "./Providers";
import { Screen } from "./Screen";

const views: Permission[] = ["process.view", "setup.view", "call.view"];
const work: Permission[] = ["setup.create", "setup.edit", "setup.delete", "setup.test", "call.send"];

/** The built-in roles (backend/user/first.go) and one that sees a single screen. */
const roles: Record<string, { rights: Permission[]; first: string; refused: string[] }> = {
  "Org Admin": {
    rights: [...views, ...work, "user.view", "activity.view", "settings.manage"],
    first: "Dashboard",
    refused: [],
  },
  Manager: { rights: [...views, ...work, "activity.view"], first: "Dashboard", refused: ["/users", "/settings"] },
  Operator: {
    rights: [...views, "setup.test", "call.send"],
    first: "Dashboard",
    refused: ["/users", "/settings", "/activity"],
  },
  Viewer: { rights: views, first: "Dashboard", refused: ["/users", "/settings/security", "/activity"] },
  "Keys alone": { rights: ["apikey.view"], first: "Dashboard", refused: ["/setups/s1", "/users"] },
  "Processes and activity": {
    rights: ["process.view", "activity.view"],
    first: "Processes",
    refused: ["/dashboard", "/setups/s1"],
  },
  "Activity alone": { rights: ["activity.view"], first: "Activity", refused: ["/dashboard", "/setups/s1", "/users"] },
};

/** The real entries, each with a screen that only has its title. */
const entries: Entry[] = planned.map((entry) => ({
  ...entry,
  fetch: undefined,
  screen: (() => (
    <Screen>
      <ScreenHeader title={entry.label} />
    </Screen>
  )) as unknown as Entry["screen"],
}));
const labelOf = (path: string) => entries.find((entry) => path.startsWith(entry.path))?.label ?? "";
const title = (name: string) => screen.findByRole("heading", { level: 1, name });

function open(rights: Permission[]) {
  const go = fakeGo({ "Organisation.Steps": () => [], "Window.Painted": () => null });
  const door = fakeDoor(signedIn(rights));
  const gates = { SignIn: () => <p>sign in</p>, MustChange: () => <p>choose a password</p> };
  render(
    <Providers client={makeClient()} env="test">
      <Boot door={door} gates={gates} entries={entries} />
    </Providers>,
  );
  const become = async (session: typeof door.session, words: string) => {
    door.session = session;
    act(() => go.emit("changed", "session"));
    await screen.findByText(words);
  };
  return { go, door, become };
}

test.each(Object.entries(roles))(
  "S3: %s lands on the first screen they may see, from every address",
  async (_, role) => {
    for (const at of ["", ...role.refused, "/no-such-screen"]) {
      location.hash = at;
      open(role.rights);
      await title(role.first);
      expect(screen.queryByText(/nothing here|may not see/)).toBeNull();
      cleanup();
    }
  },
);

test.each(Object.entries(roles))("S3: what %s may not see offers the first screen", async (_, role) => {
  location.hash = "";
  open(role.rights);
  await title(role.first);
  // The second time, too: only who arrives there is led away.
  for (const at of [...role.refused, ...role.refused]) {
    act(() => navigate(at));
    await screen.findByText(`Your role may not see ${labelOf(at)}.`);
    await user.click(screen.getByRole("link", { name: `Go to ${role.first}` }));
    await title(role.first);
  }
  act(() => navigate("/no-such-screen"));
  await screen.findByText("There is no screen at this address.");
  await user.click(screen.getByRole("link", { name: `Go to ${role.first}` }));
  await title(role.first);
});

test("S3: the next person does not begin where they may see nothing, also after a forced change of password", async () => {
  location.hash = "/settings/security";
  const admin = roles["Org Admin"];
  const { door, become } = open(admin?.rights ?? []);
  await title("Settings");
  await become({ ...noSession, state: "signed_out" }, "sign in");
  const operator = { id: "u2", name: "omar", full_name: "", roles: ["Operator"], is_org_admin: false };
  await become({ ...door.session, state: "must_change", user: operator }, "choose a password");
  await become(signedIn(roles.Operator?.rights ?? [], { user: operator }), "omar");
  await title("Dashboard");
  await waitFor(() => expect(location.hash).toBe("#/dashboard"));
  act(() => navigate("/settings/security"));
  await screen.findByText("Your role may not see Settings.");
});

test("S3: somebody who may see nothing is told so, and who can change it", async () => {
  location.hash = "/settings";
  open([]);
  await screen.findByText("There is nothing here for you to see.");
  expect(screen.queryByRole("link", { name: /^Go to/ })).toBeNull();
  expect(screen.getByText("An Org Admin can change what your role may do.")).toBeTruthy();
});

test("S3: a tab of Settings that somebody may not see offers the first screen, and the others open", async () => {
  location.hash = "";
  open([...views, "apikey.view"]);
  await title("Dashboard");
  act(() => navigate("/settings/security"));
  await screen.findByText("Your role may not see Security.");
  await user.click(screen.getByRole("link", { name: "Go to Dashboard" }));
  await title("Dashboard");
  for (const at of ["/settings", "/settings/local-api"]) {
    act(() => navigate(at));
    await title("Settings");
  }
});

test("S3: somebody who arrives at a tab that they may not see lands on their first screen", async () => {
  location.hash = "/settings/retention";
  open([...views, "apikey.view"]);
  await title("Dashboard");
});
