/** RULES.md, Closing the window: the question that the page asks while the local API is on. */
import { IconUsers } from "@tabler/icons-react";
import { act, render, screen, waitFor } from "@testing-library/react";
import { lazy } from "react";
import { expect, test } from "vitest";
import { makeClient } from "../bridge/query";
import Locked from "../features/bootstrap/Locked";
import { fakeDoor, fakeGo, faultLine, signedIn } from "../testing/bridge";
import { axeFindings } from "../testing/render";
import { user } from "../testing/user";
import { Boot } from "./Boot";
import { Closing } from "./Closing";
import type { Entry } from "./entries";
import { Providers } from "./Providers";
import { Screen } from "./Screen";

const entries: Entry[] = [
  {
    path: "/users",
    group: "Office",
    label: "Users",
    icon: IconUsers,
    needs: "user.view",
    screen: lazy(async () => ({
      default: () => (
        <Screen>
          <input aria-label="Name" />
        </Screen>
      ),
    })),
  },
];

const keep = "Keep running without a window";

function open(state: "ready" | "locked" | "signed_out" = "ready") {
  let asked = false;
  const go = fakeGo({
    "Organisation.Steps": () => [],
    "User.Touch": () => ({}),
    "Window.Closing": () => ({ asked }),
    "Window.AnswerClosing": () => {
      if (!asked) throw faultLine("conflict", "window.nothing_asked", "Keydesk is not being closed.");
      asked = false;
    },
  });
  const door = fakeDoor(signedIn(["user.view"], { state }));
  const client = makeClient();
  render(
    <Providers client={client}>
      <Boot door={door} gates={{ Locked, SignIn: () => <input aria-label="User name" /> }} entries={entries} />
      <Closing />
    </Providers>,
  );
  /** The window is closed, as by its button. */
  const close = async (really = true) => {
    asked = really;
    act(() => go.emit("window.closing"));
    await waitFor(() => expect(go.inputs("Window.Closing").length).toBeGreaterThan(0));
  };
  return { go, door, close, answers: () => go.inputs("Window.AnswerClosing") };
}

const question = () => screen.findByRole("dialog", { name: "Keep the local API running?" });
const isInert = (element: Element) => element.closest("[inert]") !== null;

test("closing asks, with the safe answer focused; Escape goes on as it was", async () => {
  const { close, answers } = open();
  const name = await screen.findByLabelText("Name");
  await user.type(name, "half a na");
  await close();
  const dialog = await question();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: keep }));
  expect(isInert(name)).toBe(true);
  expect(await axeFindings()).toEqual([]);
  // Another try to close is the same question.
  await close();
  expect(await screen.findAllByRole("dialog")).toHaveLength(1);
  await user.keyboard("{Control>}k{/Control}");
  expect(screen.getAllByRole("dialog")).toEqual([dialog]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(dialog.isConnected).toBe(false));
  expect(answers()).toEqual([{ answer: "stay" }]);
  await waitFor(() => expect(document.activeElement).toBe(name));
  await user.keyboard("me");
  expect((name as HTMLInputElement).value).toBe("half a name");
  expect(document.querySelector("[inert]")).toBeNull();
});

test.each([
  [keep, "keep"],
  ["Stop", "stop"],
  ["Leave it open", "stay"],
])("%s answers %s, with the keyboard alone", async (label, answer) => {
  const { close, answers } = open();
  await screen.findByLabelText("Name");
  await close();
  await question();
  for (let presses = 0; document.activeElement?.textContent !== label; presses++) {
    expect(presses).toBeLessThan(4);
    await user.tab({ shift: true });
  }
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(answers()).toEqual([{ answer }]);
});

test("a click beside the question leaves the window open, one in it does nothing", async () => {
  const { close, answers } = open();
  await screen.findByLabelText("Name");
  await close();
  const dialog = await question();
  await user.click(screen.getByText("Keep the local API running?"));
  expect(answers()).toEqual([]);
  await user.click(dialog.parentElement as Element);
  await waitFor(() => expect(answers()).toEqual([{ answer: "stay" }]));
});

test("where the question was taken back, nothing is asked", async () => {
  const { close } = open();
  await screen.findByLabelText("Name");
  await close(false);
  await act(async () => {});
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("nobody has to be signed in", async () => {
  const { close, answers } = open("signed_out");
  const name = await screen.findByLabelText("User name");
  name.focus();
  await close();
  await question();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(answers()).toEqual([{ answer: "stay" }]));
  await waitFor(() => expect(document.activeElement).toBe(name));
});

test("it is above the lock, also above one that comes later", async () => {
  const { go, door, close, answers } = open("locked");
  const lock = (await screen.findByRole("heading", { name: "Locked" })).closest("[data-locked]") as HTMLElement;
  await close();
  let dialog = await question();
  expect(isInert(lock)).toBe(true);
  expect(isInert(dialog)).toBe(false);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(dialog.isConnected).toBe(false));
  expect(isInert(lock)).toBe(false);
  expect(lock.isConnected).toBe(true);

  door.session = { ...door.session, state: "ready" };
  act(() => go.emit("changed", "session"));
  await waitFor(() => expect(lock.isConnected).toBe(false));
  await close();
  dialog = await question();
  door.session = { ...door.session, state: "locked" };
  act(() => go.emit("changed", "session"));
  const late = (await screen.findByText("Locked")).closest("[data-locked]") as HTMLElement;
  expect(isInert(late)).toBe(true);
  expect(isInert(dialog)).toBe(false);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(dialog.isConnected).toBe(false));
  expect(isInert(late)).toBe(false);
  expect(answers()).toEqual([{ answer: "stay" }, { answer: "stay" }]);
});
