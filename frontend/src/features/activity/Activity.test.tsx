import { readFileSync } from "node:fs";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { opWords } from "../../bridge/operations/words";
import { fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { user } from "../../testing/user";
import { differenceOf } from "./difference";
import Activity from "./index";
import { dayMs } from "./listState";
import type { Entry } from "./types";
import { kindLabels, whatText } from "./words";

const session = signedIn(["activity.view"]);

function anEntry(more: Partial<Entry> = {}): Entry {
  return {
    seq: 7,
    at_ms: Date.now() - 60_000,
    mono_ms: 1,
    actor_id: "user-1",
    actor: "Asha Rao",
    roles: "Org Admin",
    source: "window",
    op: "setup.update",
    outcome: "done",
    kind: "setup",
    object_id: "s1",
    object: "Order shipped, SMS",
    count: 1,
    before: "",
    after: "",
    erased: [],
    damaged: "",
    ...more,
  };
}

/** What Go answers to the list; counted as a list with no other page. */
const aPage = (entries: Entry[], more: { more?: boolean; count?: number; capped?: boolean } = {}) => ({
  entries,
  more: false,
  count: entries.length,
  capped: false,
  ...more,
});

const filters = () => ({
  actors: [{ id: "user-1", name: "Asha Rao" }],
  kinds: [
    { kind: "setup", label: "API Key Setup" },
    { kind: "refusal", label: "Refusal" },
  ],
});

test("C34: what an API key may do and when it ends read as in its form, without codes and ids", () => {
  const id = "01a2215b-47be-7a17-9a86-efb452668766";
  const before = {
    title: "Shop",
    key: "kd_XPb0CEzR_••••••••",
    may: {
      scopes: ["calls:simulate", "calls:send"],
      places: [id],
      channels: ["sms"],
      live_per_day: 5,
      sources: ["192.168.1.4"],
      per_minute: 7,
    },
    expires: "2027-02-26T08:52:40Z",
  };
  expect(differenceOf("", JSON.stringify(before)).map(({ label, after }) => [label, after])).toEqual([
    ["Title", "Shop"],
    ["Key", "kd_XPb0CEzR_••••••••"],
    ["May do", "Try out, Send messages"],
    ["Processes", "1 chosen"],
    ["Channels", "SMS"],
    ["Live messages a day, at most", "5"],
    ["Source addresses", "192.168.1.4"],
    ["Requests a minute", "7"],
    ["Expires", expect.stringMatching(/26 February 2027/)],
  ]);
  const after = { ...before, replaced_by: id };
  expect(differenceOf(JSON.stringify(before), JSON.stringify(after))).toEqual([
    { label: "Replaced by", before: null, after: "another key" },
  ]);
});

test("every operation's words also work for a refused attempt", () => {
  const operations = Object.keys(opWords);
  expect(operations.length).toBeGreaterThan(50);
  for (const op of operations) {
    expect(whatText({ op, outcome: "done", kind: "setup" }), op).not.toMatch(/^tried to/);
    expect(whatText({ op, outcome: "refused", kind: "refusal" }), op).toMatch(/^tried/);
  }
});

test("every kind the backend writes has a label", () => {
  const source = readFileSync("../backend/access/registry.go", "utf8");
  const kinds = [...(/var Kinds = \[\]KindInfo\{([\s\S]*?)\n\}/.exec(source)?.[1] ?? "").matchAll(/\{"([a-z_]+)"/g)];
  expect(kinds.length).toBeGreaterThan(5);
  for (const [, kind] of kinds) expect(kindLabels[kind ?? ""], kind).toBeTruthy();
});

test("a damaged entry is marked in the list and in its drawer, and the others are not", async () => {
  fakeGo({
    "Activity.Filters": filters,
    "Activity.List": () =>
      aPage([anEntry({ seq: 8 }), anEntry({ damaged: "Entry 7 was changed.", outcome: "refused" })]),
  });
  renderInShell(<Activity />, { session });
  const mark = await screen.findByText("Damaged"); // of two entries, and of no more
  await user.click(mark);
  await screen.findByText(/^Entry 7 was changed. Somebody changed the data file, or the disk is damaged./);
  expect(await axeFindings()).toEqual([]);
});

test("who did what reads as a sentence; refusals say how often; filters and search ask the backend", async () => {
  const go = fakeGo({
    "Activity.Filters": filters,
    "Activity.List": () =>
      aPage([
        anEntry(),
        anEntry({
          seq: 6,
          op: "setup.delete",
          outcome: "refused",
          kind: "refusal",
          object: "Can Delete is missing.",
          count: 12,
        }),
        anEntry({
          seq: 5,
          op: "user.sign_in",
          outcome: "refused",
          actor: "",
          actor_id: "",
          object: "Wrong.",
          count: 1,
        }),
      ]),
  });
  renderInShell(<Activity />, { session, at: "/activity" });
  await screen.findByText("changed the API Key Setup");
  expect(screen.getByText("tried to delete the API Key Setup")).toBeTruthy();
  expect(screen.getByText("Refused, 12 times")).toBeTruthy();
  expect(screen.getByText("Somebody not signed in")).toBeTruthy();
  expect(screen.getByText("3 entries")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);

  await user.type(screen.getByLabelText("Search person, thing, details"), "ship");
  fireEvent.click(screen.getByRole("combobox", { name: "Outcome" }));
  fireEvent.click(await screen.findByRole("option", { name: "Refused" }));
  await waitFor(() =>
    expect(go.inputs("Activity.List").at(-1)).toMatchObject({ text: "ship", outcome: "refused", before: 0 }),
  );
  expect(window.location.hash).toContain("outcome=refused");
});

test("dates in the address count whole days in the person's time", async () => {
  const go = fakeGo({ "Activity.Filters": filters, "Activity.List": () => aPage([]) });
  renderInShell(<Activity />, { session, at: "/activity?from=2026-11-02&until=2026-11-03" });
  await screen.findByText("Nothing matches.");
  expect(go.inputs("Activity.List").at(-1)).toMatchObject({
    from_ms: new Date(2026, 10, 2).getTime(),
    until_ms: new Date(2026, 10, 4).getTime(),
  });
  expect(dayMs("nonsense", 1)).toBe(0);
});

test("the next page starts below the last entry read", async () => {
  const go = fakeGo({
    "Activity.Filters": filters,
    "Activity.List": ({ before }: { before: number }) =>
      before
        ? aPage([anEntry({ seq: 1, actor: "Omar Khan" })], { count: 0 })
        : aPage([anEntry({ seq: 9 }), anEntry({ seq: 8 })], { more: true, count: 1000, capped: true }),
  });
  renderInShell(<Activity />, { session, at: "/activity" });
  await screen.findByText("Omar Khan");
  // The count is of all there are, not of what was read so far.
  expect(screen.getByText("1,000+ entries")).toBeTruthy();
  expect(
    go
      .inputs("Activity.List")
      .map((input) => (input as { before: number }).before)
      .slice(-2),
  ).toEqual([0, 8]);
});

test("a click on the time reverses the list", async () => {
  const go = fakeGo({ "Activity.Filters": filters, "Activity.List": () => aPage([anEntry()]) });
  renderInShell(<Activity />, { session, at: "/activity" });
  const header = await screen.findByRole("columnheader", { name: "When" });
  expect(header.getAttribute("aria-sort")).toBe("descending");
  fireEvent.click(within(header).getByRole("button"));
  await waitFor(() => expect(go.inputs("Activity.List").at(-1)).toMatchObject({ oldest_first: true, before: 0 }));
  expect(window.location.hash).toContain("order=oldest");
});

test("a row opens the states before and after, field by field, and links to the object", async () => {
  const secret = { plain: "", secret: true, stored: true, typed: "" };
  const draft = (url: string, enabled: boolean) =>
    JSON.stringify({ place_id: "p", enabled, request: { url, auth: { type: "bearer", token: secret } } });
  fakeGo({
    "Activity.Filters": filters,
    "Activity.List": () => aPage([anEntry({ before: draft("http://a/", true), after: draft("http://b/<i>", false) })]),
  });
  renderInShell(<Activity />, { session, at: "/activity" });
  fireEvent.click(await screen.findByText("changed the API Key Setup"));
  const drawer = await screen.findByRole("dialog");
  const table = within(drawer).getByRole("table");
  const rows = within(table)
    .getAllByRole("row")
    .map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent));
  expect(rows).toEqual([
    ["Field", "Before", "After"],
    ["Enabled", "Yes", "No"],
    ["API URL", "http://a/", "http://b/<i>"],
  ]);
  expect(drawer.querySelector("i")).toBeNull();
  expect(within(drawer).getByRole("link", { name: "Order shipped, SMS" }).getAttribute("href")).toBe("#/setups/s1");
});

test("a break of the chain is marked in the list and explained", async () => {
  fakeGo({
    "Activity.Filters": filters,
    "Activity.List": () =>
      aPage([
        anEntry({
          seq: 13,
          op: "activity.restart",
          actor: "Keydesk",
          actor_id: "",
          kind: "activity",
          object_id: "",
          object: "Break after entry 12",
          source: "keydesk",
          after: '{"first_entry":13,"damaged":["activity_mac"]}',
        }),
        anEntry({ seq: 12 }),
      ]),
  });
  renderInShell(<Activity />, { session, at: "/activity" });
  const said = await screen.findByText("began a new chain, since the key of the activity was damaged");
  const row = screen.getByText("Break").closest("[role=row]");
  expect(row?.textContent).toContain("Break after entry 12");
  expect(row?.textContent).not.toContain("Done");
  expect(await axeFindings()).toEqual([]);
  fireEvent.click(said);
  const drawer = await screen.findByRole("dialog");
  expect(drawer.textContent).toContain("entries before number 13 are still");
  expect(within(drawer).queryByRole("table")).toBeNull();
});

test("a failure can be tried again, and an empty history says so", async () => {
  const go = fakeGo({
    "Activity.Filters": filters,
    "Activity.List": () => {
      throw faultLine("internal", "keydesk.internal", "The disk is full.");
    },
  });
  renderInShell(<Activity />, { session, at: "/activity" });
  await screen.findByText("The disk is full.");
  go.answer("Activity.List", () => aPage([]));
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  await screen.findByText("Nothing has happened yet.");
});

test("a difference shows no ids, no versions and no secret; something new shows only what was filled in", () => {
  const after = JSON.stringify({
    id: "x",
    version: 3,
    place_id: "p1",
    request: {
      auth: { type: "api_key", value: { plain: "", secret: true, stored: true, typed: "" } },
      headers: [{ name: "X-A", value: { plain: "1", secret: false, stored: false }, optional: false }],
    },
  });
  expect(differenceOf("", after)).toEqual([
    { label: "Auth Type", before: null, after: "API Key" },
    { label: "Value", before: null, after: "••••••••" },
    { label: "Header 1, Name", before: null, after: "X-A" },
    { label: "Header 1, Value", before: null, after: "1" },
  ]);
  expect(differenceOf(after, after)).toEqual([]);
  expect(differenceOf('{"place_id":"a"}', '{"place_id":"b"}')).toEqual([
    { label: "Process", before: "one", after: "another one" },
  ]);
});

test("an entry whose texts were erased says so, and does not read as a deletion", async () => {
  fakeGo({
    "Activity.Filters": filters,
    "Activity.List": () =>
      aPage([
        anEntry({ before: "", after: "", erased: ["before", "after"] }),
        anEntry({ seq: 6, actor: "", object: "", erased: ["actor", "object"], after: '{"name":"x"}' }),
      ]),
  });
  renderInShell(<Activity />, { session });
  await user.dblClick(await screen.findByText("Order shipped, SMS"));
  const drawer = within(await screen.findByRole("dialog"));
  drawer.getByText(/The states before and after were erased/);
  drawer.getByRole("link", { name: "Order shipped, SMS" });
  await user.click(drawer.getByRole("button", { name: "Close" }));
  expect(screen.getAllByText("(erased)")).toHaveLength(2);
  expect(screen.queryByText("Somebody not signed in")).toBeNull();
});

test("an Org Admin erases a text that is typed as a secret; others are not offered it", async () => {
  const go = fakeGo({
    "Activity.Filters": filters,
    "Activity.List": () => aPage([anEntry()]),
    "Erase.Text": () => {
      throw faultLine("invalid", "erase.short", "A text to erase has at least 6 characters.", {
        fields: [{ name: "text", message: "Enter at least 6 characters." }],
      });
    },
    "Operation.Progress": () => ({ done: 3, total: 9, text: "Calls" }),
    "Operation.Cancel": () => ({ done: 3, total: 9, text: "Calls" }),
  });
  const admin = signedIn(["activity.view", "settings.manage"]);
  const { unmount } = renderInShell(<Activity />, {
    session: { ...admin, user: { ...admin.user, is_org_admin: false } },
  });
  await screen.findByText("Order shipped, SMS");
  expect(screen.queryByRole("button", { name: "Erase a text" })).toBeNull();
  unmount();

  renderInShell(<Activity />, { session: admin });
  await user.click(await screen.findByRole("button", { name: "Erase a text" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Erase a text from the history" }));
  const field = dialog.getByLabelText("Text to erase") as HTMLInputElement;
  expect(field.type).toBe("password");
  fireEvent.change(field, { target: { value: "abc" } });
  await user.click(dialog.getByRole("button", { name: "Erase it there" }));
  await dialog.findByText("Enter at least 6 characters.");
  expect(await axeFindings()).toEqual([]);

  let end = (_: unknown) => {};
  go.answer("Erase.Text", () => new Promise((resolve) => (end = resolve)));
  fireEvent.change(field, { target: { value: "a-key-in-the-open" } });
  await user.click(dialog.getByRole("button", { name: "Erase it there" }));
  await dialog.findByText("3 of 9 Calls");
  await user.click(dialog.getByRole("button", { name: "Stop" }));
  const last = go.inputs("Erase.Text").at(-1) as { operation_id: string; text: string };
  expect(last.text).toBe("a-key-in-the-open");
  expect(go.inputs("Operation.Cancel")).toEqual([{ id: last.operation_id }]);
  end({ entries: 1, calls: 0, events: 0, checks: 0, setups: 1, copies: 0 });
  await dialog.findByText("It was in 1 entry of Activity and 1 deleted setup, and is there no longer.");
});
