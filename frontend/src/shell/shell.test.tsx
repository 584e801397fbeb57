import { IconHistory, IconUsers } from "@tabler/icons-react";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { type ComponentType, lazy, useState } from "react";
import { expect, test, vi } from "vitest";
import { Link } from "wouter";
import { makeClient } from "../bridge/query";
import type { Session, SessionDoor } from "../bridge/session";
import { noSession } from "../bridge/session";
import { fakeDoor, fakeGo, faultLine, signedIn } from "../testing/bridge";
import { axeFindings } from "../testing/render";
import { user } from "../testing/user";
import { ScreenHeader, useUnsaved } from "../ui";
import { Boot } from "./Boot";
import type { Entry } from "./entries";
import { installGuards } from "./guards";
import { reportEveryMs, useIdleReport } from "./idle";
import { Providers } from "./Providers";
import { Screen } from "./Screen";

const lazily = (Shown: ComponentType) => lazy(async () => ({ default: Shown }));

function Users() {
  const [name, setName] = useState("");
  useUnsaved(name !== "");
  return (
    <Screen>
      <ScreenHeader title="Users & Roles" subtitle="Who may do what" />
      <input aria-label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
    </Screen>
  );
}

function Activity() {
  return (
    <Screen>
      <ScreenHeader title="Activity" subtitle="Who did what, and when" />
      <Link href="/users?search=asha">to users</Link>
    </Screen>
  );
}

const entries: Entry[] = [
  {
    path: "/activity",
    group: "Office",
    label: "Activity",
    icon: IconHistory,
    needs: "activity.view",
    screen: lazily(Activity),
  },
  {
    path: "/users",
    group: "Office",
    label: "Users & Roles",
    icon: IconUsers,
    needs: "user.view",
    screen: lazily(Users),
  },
];
const gates = {
  FirstRun: () => <p>first run</p>,
  Unlock: () => <p>unlock</p>,
  SignIn: () => <p>sign in</p>,
  Locked: () => <p>locked</p>,
};
const all = signedIn(["activity.view", "user.view"]);

function open(session: Session, door: SessionDoor & { session?: Session } = fakeDoor(session)) {
  const client = makeClient();
  render(
    <Providers client={client} env="test">
      <Boot door={door} gates={gates} entries={entries} />
    </Providers>,
  );
  return { client, door };
}
const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

test.each([
  ["first_run", "first run"],
  ["unlock", "unlock"],
  ["signed_out", "sign in"],
] as const)("state %s shows only its own screen", async (state, words) => {
  open({ ...noSession, state });
  await screen.findByText(words);
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a failed opening says why and what to do", async () => {
  open({
    ...noSession,
    state: "failed",
    failure: { code: "store.newer", message: "The data is newer.", hint: "Update.", copies: [], readable: false },
  });
  expect((await screen.findByRole("alert")).textContent).toContain("The data is newer.Update.");
  expect(screen.getByRole("button", { name: "Retry" })).toBeTruthy();
});

test("after a failed opening Retry opens again, and a kept copy is restored only when its button is pressed", async () => {
  const lost: Session = {
    ...noSession,
    state: "failed",
    failure: {
      code: "store.lost",
      message: "The data file keydesk.db is missing, but an office was here: keydesk.db-wal.",
      hint: "Put keydesk.db back.",
      readable: false,
      copies: [
        { name: "keydesk.db.before-6", changed_ms: new Date(2026, 10, 12, 14, 3).getTime() },
        { name: "keydesk.db.before-5", changed_ms: new Date(2026, 9, 1, 9, 30).getTime() },
      ],
    },
  };
  const done: string[] = [];
  const door = fakeDoor(lost);
  door.reopen = async () => void done.push("reopen");
  door.restoreCopy = async (name) => {
    done.push(name);
    if (name === "keydesk.db.before-5") {
      throw faultLine("invalid", "store.bad_copy", "The copy keydesk.db.before-5 is damaged.", {
        hint: "Choose another.",
      });
    }
    door.session = { ...noSession, state: "signed_out" };
  };
  open(lost, door);
  expect((await screen.findByRole("alert")).textContent).toContain(
    "but an office was here: keydesk.db-wal.Put keydesk.db",
  );
  expect(done).toEqual([]);
  expect(await axeFindings()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Retry" }));
  await user.click(await screen.findByRole("button", { name: "Restore the copy of 1 Oct 2026, 09:30" }));
  await screen.findByText("The copy keydesk.db.before-5 is damaged. Choose another.");
  await user.click(await screen.findByRole("button", { name: "Restore the copy of 12 Nov 2026, 14:03" }));
  await screen.findByText("sign in");
  expect(done).toEqual(["reopen", "keydesk.db.before-5", "keydesk.db.before-6"]);
});

test("damaged data is opened for reading when its button is pressed, and then every screen says so", async () => {
  const go = fakeGo();
  const damaged: Session = {
    ...noSession,
    state: "failed",
    failure: { code: "store.corrupt", message: "The data file is damaged.", hint: "", copies: [], readable: true },
  };
  const door = fakeDoor(damaged);
  let tries = 0;
  door.openForReading = async () => {
    if (tries++ === 0) throw faultLine("unavailable", "store.busy", "Another program is using the data.");
    door.session = { ...all, reading_only: true };
  };
  open(damaged, door);
  await user.click(await screen.findByRole("button", { name: "Open for reading" }));
  await screen.findByText("Another program is using the data.");
  expect(screen.queryByRole("note")).toBeNull();
  await user.click(await screen.findByRole("button", { name: "Open for reading" }));
  await heading("Activity");
  expect((await screen.findByRole("note")).textContent).toContain("open for reading only");
  expect(await axeFindings()).toEqual([]);
  await user.click(screen.getByRole("link", { name: "Users & Roles" }));
  await heading("Users & Roles");
  expect(screen.getByRole("note").textContent).toContain("restore a copy");
  door.session = { ...noSession, state: "signed_out" };
  act(() => go.emit("changed", "session"));
  await screen.findByText("sign in");
});

test("without damage nothing is offered for reading, and no screen speaks of it", async () => {
  open(all);
  await heading("Activity");
  expect(screen.queryByText(/reading only/)).toBeNull();
});

test("outside the window the page says so instead of staying empty", async () => {
  open(all, { ...fakeDoor(all), state: () => Promise.reject("This page only works inside the Keydesk window.") });
  expect((await screen.findByRole("alert")).textContent).toContain("inside the Keydesk window");
});

test("the first screen opens, others by navigation; the focus goes to the title; axe finds nothing", async () => {
  open(all);
  await heading("Activity");
  expect(await axeFindings()).toEqual([]);
  await user.click(screen.getByRole("link", { name: "Users & Roles" }));
  const title = await heading("Users & Roles");
  await waitFor(() => expect(document.activeElement).toBe(title));
  expect(screen.getByRole("link", { name: "Users & Roles" }).getAttribute("aria-current")).toBe("page");
  expect(location.hash).toBe("#/users");
});

test("an entry without its permission is not shown and its address opens nothing", async () => {
  window.location.hash = "/users";
  open(signedIn(["activity.view"]));
  // S3: the person lands on what they may see.
  await heading("Activity");
  expect(screen.queryByRole("heading", { name: "Users & Roles" })).toBeNull();
  expect(screen.queryByRole("link", { name: "Users & Roles" })).toBeNull();
});

test("search travels in the hash, so that the page's own address never changes", async () => {
  open(all);
  const before = location.pathname + location.search;
  await user.click(await screen.findByText("to users"));
  await heading("Users & Roles");
  expect(location.hash).toBe("#/users?search=asha");
  expect(location.pathname + location.search).toBe(before);
});

test("leaving a dirty form by a link or by Back asks first", async () => {
  open(all);
  await heading("Activity");
  await user.click(screen.getByRole("link", { name: "Users & Roles" }));
  await heading("Users & Roles");
  await user.type(screen.getByLabelText("Name"), "x");
  await user.click(screen.getByRole("link", { name: "Activity" }));
  await user.click(await screen.findByRole("button", { name: "Stay" }));
  expect(location.hash).toBe("#/users");
  act(() => history.back());
  await user.click(await screen.findByRole("button", { name: "Stay" }));
  await waitFor(() => expect(location.hash).toBe("#/users"));
  expect((screen.getByLabelText("Name") as HTMLInputElement).value).toBe("x");
  await user.click(screen.getByRole("link", { name: "Activity" }));
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  await heading("Activity");
});

test("locking hides the office and restores the unsaved form for the same person only", async () => {
  const go = fakeGo();
  const door = fakeDoor(all);
  window.location.hash = "/users";
  open(all, door);
  await user.type(await screen.findByLabelText("Name"), "half a form");
  door.session = { ...all, state: "locked" };
  act(() => go.emit("changed", "session"));
  await screen.findByText("locked");
  expect(screen.queryByRole("navigation")).toBeNull();
  expect(document.querySelector("[inert]")).not.toBeNull();

  door.session = all;
  act(() => go.emit("changed", "session"));
  await waitFor(() => expect(screen.queryByText("locked")).toBeNull());
  expect((screen.getByLabelText("Name") as HTMLInputElement).value).toBe("half a form");

  door.session = { ...all, user: { id: "user-2", name: "Ravi", full_name: "Ravi", roles: [], is_org_admin: false } };
  act(() => go.emit("changed", "session"));
  await screen.findByText("Ravi");
  expect((await screen.findByLabelText<HTMLInputElement>("Name")).value).toBe("");
});

test("what one person saw is forgotten when they sign out", async () => {
  const go = fakeGo();
  const door = fakeDoor(all);
  const { client } = open(all, door);
  await heading("Activity");
  client.setQueryData(["setup", "get", { id: "1" }], { name: "private" });
  door.session = { ...noSession, state: "signed_out" };
  act(() => go.emit("changed", "session"));
  await screen.findByText("sign in");
  expect(client.getQueryData(["setup", "get", { id: "1" }])).toBeUndefined();
});

test("Ctrl+K opens the palette, also from a field; Enter goes there", async () => {
  open(all);
  await heading("Activity");
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("textbox", { name: "Go to or do" });
  await user.type(field, "users");
  await user.keyboard("{Enter}");
  await heading("Users & Roles");
});

test("Escape in the palette returns the focus to where it was", async () => {
  open(all);
  await heading("Activity");
  const link = screen.getByRole("link", { name: "Users & Roles" });
  link.focus();
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("textbox", { name: "Go to or do" }), "us{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(link));
});

test("a screen that breaks leaves the rest of the window working", async () => {
  const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
  const Broken = () => {
    throw new Error("no such member");
  };
  const broken: Entry[] = [{ ...(entries[0] as Entry), screen: lazily(Broken) }, entries[1] as Entry];
  render(
    <Providers client={makeClient()} env="test">
      <Boot door={fakeDoor(all)} gates={gates} entries={broken} />
    </Providers>,
  );
  await screen.findByText("This screen stopped working.");
  await user.click(screen.getByRole("link", { name: "Users & Roles" }));
  await heading("Users & Roles");
  quiet.mockRestore();
});

test("input is reported at once, then every 15 s at most, and not while nobody is signed in", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const report = vi.fn();
  function Idle({ active }: { active: boolean }) {
    useIdleReport(report, active);
    return null;
  }
  const press = () => act(() => void window.dispatchEvent(Object.assign(new Event("keydown"), { forTest: true })));
  const { rerender } = render(<Idle active={false} />);
  press();
  expect(report).toHaveBeenCalledTimes(0);
  rerender(<Idle active />);
  press();
  press();
  expect(report).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(reportEveryMs + 1);
  press();
  expect(report).toHaveBeenCalledTimes(2);
  act(() => void window.dispatchEvent(new Event("keydown"))); // a script's
  vi.advanceTimersByTime(reportEveryMs + 1);
  act(() => void window.dispatchEvent(new Event("keydown")));
  expect(report).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});

test("nothing leads away from the page", () => {
  const go = fakeGo({ "Window.OpenLink": () => ({ opened: true }) });
  const undo = installGuards();
  render(
    <div>
      <a href="https://www.twilio.com/docs">docs</a>
      <a href="file:///etc/passwd">file</a>
      <a href="#/users">inside</a>
      <form action="/x" aria-label="form">
        <input aria-label="in" />
      </form>
      <p>words</p>
    </div>,
  );
  // fireEvent returns false when the event's default action was prevented.
  expect(fireEvent.click(screen.getByText("docs"))).toBe(false);
  expect(fireEvent.click(screen.getByText("file"))).toBe(false);
  expect(fireEvent.click(screen.getByText("inside"))).toBe(true);
  expect(fireEvent.click(screen.getByText("inside"), { ctrlKey: true })).toBe(false);
  expect(fireEvent.submit(screen.getByRole("form"))).toBe(false);
  expect(fireEvent.drop(document.body)).toBe(false);
  expect(fireEvent.dragOver(document.body)).toBe(false);
  expect(fireEvent.contextMenu(screen.getByText("words"))).toBe(false);
  expect(fireEvent.contextMenu(screen.getByLabelText("in"))).toBe(true);
  expect(window.open("https://example.com/")).toBeNull();
  expect(window.open("file:///etc/passwd")).toBeNull();
  expect(go.inputs("Window.OpenLink")).toEqual([
    { url: "https://www.twilio.com/docs" },
    { url: "https://example.com/" },
  ]);
  undo();
});
