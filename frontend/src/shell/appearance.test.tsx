/** How Keydesk looks for each person (UI.md, Looks; Settings on screen). */
import { IconUsers } from "@tabler/icons-react";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import { lazy } from "react";
import { afterEach, expect, test } from "vitest";
import { makeClient } from "../bridge/query";
import { noSession, type Session } from "../bridge/session";
import { fakeDoor, fakeGo, faultLine, lateAnswer, signedIn } from "../testing/bridge";
import { axeFindings } from "../testing/render";
import { user } from "../testing/user";
import { ScreenHeader } from "../ui";
import { type Appearance, showAppearance } from "./appearance";
import { Boot } from "./Boot";
import { Providers } from "./Providers";
import { Screen } from "./Screen";

const usual: Appearance = { scheme: "system", text_size: 100 };
afterEach(() => showAppearance(usual));

/** The office of somebody who may see a single screen and not Settings, with an answer to each choice. */
function open(save: (next: Appearance) => unknown = (next) => next, more: Partial<Session> = {}) {
  const door = fakeDoor(signedIn(["user.view"], more));
  const go = fakeGo({
    "Organisation.Steps": () => [],
    "User.SetAppearance": async (next: Appearance) => {
      const kept = await save(next);
      door.session = { ...door.session, appearance: next };
      return kept;
    },
  });
  const Users = () => (
    <Screen>
      <ScreenHeader title="Users & Roles" />
    </Screen>
  );
  render(
    <Providers client={makeClient()} env="test">
      <Boot
        door={door}
        gates={{ SignIn: () => <p>sign in</p>, Locked: () => <p>locked</p> }}
        entries={[
          {
            path: "/users",
            group: "Office",
            label: "Users & Roles",
            icon: IconUsers,
            needs: "user.view",
            screen: lazy(async () => ({ default: Users })),
          },
        ]}
      />
    </Providers>,
  );
  return { go, door };
}

/** What the page shows: the style sheets read the two attributes. */
const shown = () => {
  const { mantineColorScheme, textSize } = document.documentElement.dataset;
  return [mantineColorScheme, textSize ?? "100"];
};
const openDialog = async () => {
  await user.click(await screen.findByRole("button", { name: "Asha Rao" }));
  await user.click(await screen.findByRole("menuitem", { name: "Appearance" }));
  return within(await screen.findByRole("dialog", { name: "Appearance" }));
};
const choose = (name: string) => user.click(screen.getByRole("radio", { name }));

test("who may change nothing else chooses from the person's menu; it is shown at once, before it is kept", async () => {
  const late = lateAnswer();
  const { go, door } = open(late.answer((next: Appearance) => next));
  const dialog = await openDialog();
  expect(await axeFindings()).toEqual([]);
  expect(dialog.getByRole("radio", { name: "As the system" })).toHaveProperty("checked", true);
  expect(shown()).toEqual(["light", "100"]);
  await choose("Dark");
  expect(shown()).toEqual(["dark", "100"]);
  await choose("125 %");
  expect(shown()).toEqual(["dark", "125"]);
  // One after the other: an older choice cannot arrive after a newer one.
  expect(go.inputs("User.SetAppearance")).toEqual([{ scheme: "dark", text_size: 100 }]);
  late.arrive();
  await waitFor(() => expect(go.inputs("User.SetAppearance")).toHaveLength(2));
  // What a session says that was read before the choice is older than the choice, also when it comes later.
  await act(async () => go.emit("changed", "session"));
  expect(shown()).toEqual(["dark", "125"]);
  late.arrive();
  await waitFor(() => expect(door.session.appearance.text_size).toBe(125));
  door.session = { ...door.session, appearance: { scheme: "light", text_size: 100 } };
  await act(async () => go.emit("changed", "session"));
  await waitFor(() => expect(go.inputs("User.SetAppearance")[1]).toEqual({ scheme: "dark", text_size: 125 }));
  expect(shown()).toEqual(["dark", "125"]);
  expect(dialog.getByRole("radio", { name: "125 %" })).toHaveProperty("checked", true);
});

test("a choice that could not be kept is taken back and said", async () => {
  open(() => {
    throw faultLine("unavailable", "store.read_only", "Nothing can be saved.", { hint: "Restore a copy." });
  });
  const dialog = await openDialog();
  await choose("Dark");
  await dialog.findByText("Nothing can be saved.");
  expect(shown()).toEqual(["light", "100"]);
  expect(dialog.getByRole("radio", { name: "As the system" })).toHaveProperty("checked", true);
});

test("the next person has their own, and the screens in between what the window says", async () => {
  const { go, door } = open(undefined, { appearance: { scheme: "dark", text_size: 125 } });
  await screen.findByRole("heading", { level: 1 });
  expect(shown()).toEqual(["dark", "125"]);
  const become = async (next: Session) => {
    door.session = next;
    await act(async () => go.emit("changed", "session"));
  };
  await become({ ...signedIn(["user.view"]), state: "locked", appearance: { scheme: "dark", text_size: 125 } });
  await screen.findByText("locked");
  expect(shown()).toEqual(["dark", "125"]);
  await become({ ...noSession, state: "signed_out", appearance: { scheme: "dark", text_size: 125 } });
  await screen.findByText("sign in");
  expect(shown()).toEqual(["dark", "125"]);
  const other = { id: "u2", name: "omar", full_name: "", roles: ["Viewer"], is_org_admin: false };
  await become(signedIn(["user.view"], { user: other, appearance: { scheme: "light", text_size: 90 } }));
  await screen.findByRole("button", { name: "omar" });
  expect(shown()).toEqual(["light", "90"]);
});

test("while the office cannot be asked, the page looks as it was served", async () => {
  showAppearance({ scheme: "dark", text_size: 112 });
  open(undefined, { state: "failed" });
  await waitFor(() => expect(screen.queryByText("Opening the office")).toBeNull());
  expect(shown()).toEqual(["dark", "112"]);
});

test("the palette finds it by other words", async () => {
  open();
  await screen.findByRole("heading", { level: 1 });
  await user.keyboard("{Control>}k{/Control}");
  const palette = within(await screen.findByRole("dialog", { name: "Go to or do" }));
  await user.type(palette.getByRole("textbox"), "dark");
  await user.click(await palette.findByText("Appearance"));
  await screen.findByRole("radio", { name: "Dark" });
});
