import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Permission } from "../../bridge/operation";
import { invalidate } from "../../bridge/query";
import type { Session } from "../../bridge/session";
import { fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { user } from "../../testing/user";
import Dashboard from "./index";
import type { Item, Report } from "./types";
import { verdictSeries } from "./words";

const all: Permission[] = [
  "call.view",
  "call.send",
  "apikey.view",
  "apikey.create",
  "apikey.edit",
  "apikey.delete",
  "setup.view",
  "setup.create",
  "setup.edit",
  "setup.test",
  "settings.manage",
];
const viewer: Permission[] = ["call.view", "apikey.view", "setup.view"];

const none = { accepted: 0, refused: 0, throttled: 0, unclear: 0, failed: 0 };
const item = (kind: string, part: Partial<Item> = {}): Item => ({
  kind,
  id: "",
  name: "",
  at_ms: 0,
  verdict: "",
  text: "",
  ...part,
});

const days = Array.from({ length: 30 }, (_, at) => ({
  day: `2026-04-${String(at + 1).padStart(2, "0")}`,
  live: at === 3 ? { accepted: 1200, refused: 3, throttled: 2, unclear: 1, failed: 4 } : none,
  test: at === 5 ? { ...none, accepted: 7 } : none,
}));

function report(part: Partial<Report> = {}): Report {
  return {
    sees_calls: true,
    sees_keys: true,
    sees_setups: true,
    attention: [],
    more: {},
    days,
    keys: (["active", "expiring", "expired", "disabled", "revoked"] as const).map((status, at) => ({
      status,
      keys: at,
    })),
    month: "2026-11",
    stages: [
      { place_id: "p1", places: ["Orders", "Delivery"], stage: "Shipped", calls: 1210 },
      { place_id: "p2", places: ["Invoices"], stage: "", calls: 4 },
    ],
    ...part,
  };
}

const empty = report({
  days: days.map(({ day }) => ({ day, live: none, test: none })),
  keys: report().keys.map((each) => ({ ...each, keys: 0 })),
  stages: [],
});

const steps = (place: boolean, setup: boolean, test: boolean) => [
  { name: "place", done: place },
  { name: "setup", done: setup },
  { name: "test", done: test },
];

function open(shown: Report, permissions = all, session: Partial<Session> = {}, first = steps(true, true, true)) {
  const go = fakeGo({
    "Dashboard.Get": () => shown,
    "Organisation.Steps": () => first,
    "Organisation.Pause": () => null,
  });
  const admin = permissions === all;
  const person = { id: "user-1", name: "asha", full_name: "", roles: [], is_org_admin: admin };
  const page = renderInShell(<Dashboard />, {
    session: signedIn(permissions, { user: person, ...session }),
    at: "/dashboard",
  });
  return { go, ...page };
}

const part = async (name: string | RegExp) => within(await screen.findByRole("region", { name }));
const texts = (rows: HTMLElement[]) => rows.map((row) => row.textContent);

/** The figures of the legend. */
const legend = async () => {
  const calls = await screen.findByRole("region", { name: /^Calls in the last/ });
  return Object.fromEntries(
    [...calls.querySelectorAll("dl div")].map((each) => [
      each.querySelector("dt")?.textContent,
      each.querySelector("dd")?.textContent,
    ]),
  );
};

const now = Date.now();
const day = 86_400_000;

/** A line of each kind: what it says, the button that fixes it, and where that leads. */
const kinds: [Item, RegExp, string, string][] = [
  [
    item("keys_unavailable", { text: "API keys cannot be checked now." }),
    /cannot be checked/,
    "Open Secrets",
    "#/settings/secrets",
  ],
  [
    item("local_api", { text: "Port 7373 is taken." }),
    /local API\. Port 7373 is taken\./,
    "Open Local API",
    "#/settings/local-api",
  ],
  [
    item("certificate", { text: "The certificate has ended." }),
    /certificate has ended/,
    "Open Local API",
    "#/settings/local-api",
  ],
  [
    item("key_damaged", { id: "k1", name: "Shop" }),
    /API key “Shop” can no longer be checked/,
    "Open “Shop”",
    "#/keys/k1",
  ],
  [
    item("key_expired", { id: "k2", name: "CRM", at_ms: now - 2 * day }),
    /API key “CRM” expired 2 days ago/,
    "Replace … “CRM”",
    "#/keys/k2?replace=1",
  ],
  [
    item("key_expiring", { id: "k3", name: "Till", at_ms: now + 6.5 * day }),
    /API key “Till” expires in 6 days/,
    "Replace … “Till”",
    "#/keys/k3?replace=1",
  ],
  [
    item("setup_unreadable", { id: "s1", name: "Orders, SMS" }),
    /A secret of “Orders, SMS” cannot be read/,
    "Enter it again “Orders, SMS”",
    "#/setups/s1",
  ],
  [
    item("setup_failing", { id: "s2", name: "Invoices, Email", at_ms: now - 3 * 3_600_000, verdict: "refused" }),
    /The last call of “Invoices, Email” was refused, 3 hours ago/,
    "Test “Invoices, Email”",
    "#/setups?test=s2",
  ],
];

test.each(kinds.map((each) => [each[0].kind, ...each] as const))(
  "H07: %s says what is wrong, with the button that fixes it for people who may",
  async (_, one, says, button, leads) => {
    const { unmount } = open(report({ attention: [one] }));
    const lines = (await part("Needs attention")).getAllByRole("listitem");
    expect(texts(lines)[0]).toMatch(says);
    expect(screen.getByRole("link", { name: button }).getAttribute("href")).toBe(leads);
    unmount();
    open(report({ attention: [one] }), viewer);
    expect(texts((await part("Needs attention")).getAllByRole("listitem"))[0]).toMatch(says);
    expect(screen.queryByRole("link", { name: button })).toBeNull();
  },
);

test("H07: sending that is paused goes on from here, for an Org Admin", async () => {
  const paused = report({ attention: [item("sending_paused")] });
  const { go, unmount } = open(paused);
  await user.click((await part("Needs attention")).getByRole("button", { name: "Go on sending" }));
  const ask = within(await screen.findByRole("dialog", { name: "Go on sending?" }));
  await user.click(ask.getByRole("button", { name: "Go on sending" }));
  await waitFor(() => expect(go.inputs("Organisation.Pause")).toEqual([{ paused: false }]));
  unmount();
  open(paused, viewer);
  await screen.findByText(/Sending is paused/);
  expect(screen.queryByRole("button", { name: "Go on sending" })).toBeNull();
});

test("H07: of many the first are shown, and the others lead to their list", async () => {
  const expiring = [1, 2].map((at) => item("key_expiring", { id: `k${at}`, name: `Key ${at}`, at_ms: now + at * day }));
  const failing = item("setup_failing", { id: "s1", name: "Orders", at_ms: now, verdict: "failed" });
  open(report({ attention: [...expiring, failing], more: { key_expiring: 4, setup_failing: 1 } }));
  const lines = texts((await part("Needs attention")).getAllByRole("listitem"));
  expect(lines).toHaveLength(5);
  expect(lines[2]).toBe("and 4 more keys that expire soon");
  expect(lines[3]).toMatch(/failed, just now/);
  expect(screen.getByRole("link", { name: /4 more/ }).getAttribute("href")).toBe("#/keys?status=expiring&sort=expires");
  expect(screen.getByRole("link", { name: "and 1 more failing setup" }).getAttribute("href")).toBe(
    "#/setups?result=failing",
  );
});

test("H07: figures of calls are in words, in a picture, and in a table that is reached with the keyboard", async () => {
  open(report());
  expect(await legend()).toEqual({ Accepted: "1,200", Unclear: "1", Throttled: "2", Refused: "3", Failed: "4" });
  expect(screen.getByRole("img", { name: /^Live calls: / }).getAttribute("aria-label")).toMatch(
    /^Live calls: 1,210 calls in 30 days, 1,200 accepted, 1 unclear, 2 throttled, 3 refused, 4 failed\. Most on Saturday,? 4 April( 2026)?: 1,210\.$/,
  );
  expect(screen.getByText("Nothing needs attention.")).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "Table" }));
  const table = within(await screen.findByRole("region", { name: "Live calls by day" }));
  const rows = texts(table.getAllByRole("row"));
  expect(rows).toHaveLength(32); // a head, 30 days, the sums
  expect(rows[0]).toBe("DayAcceptedUnclearThrottledRefusedFailedAll");
  expect(rows[1]).toMatch(/^Thursday,? 30 April( 2026)?000000$/);
  expect(rows[27]).toMatch(/4 April( 2026)?1,20012341,210$/);
  expect(rows[31]).toBe("30 days1,20012341,210");
  await user.tab();
  expect(document.activeElement).toBe(screen.getByRole("region", { name: "Live calls by day" }));
  expect(await axeFindings()).toEqual([]);
  await user.click(screen.getByRole("radio", { name: "Tests" }));
  expect(await legend()).toMatchObject({ Accepted: "7", Refused: "0" });
});

test("product.md 13: each verdict has a pattern that no other has, so no colour is needed", async () => {
  open(report());
  await legend();
  const drawn = [...document.querySelectorAll("pattern")].map((each) => each.lastElementChild?.getAttribute("d"));
  expect(drawn).toHaveLength(verdictSeries.length);
  expect(new Set(drawn).size).toBe(verdictSeries.length);
});

test("H07: keys by status and busy stages are tables whose rows lead to their lists", async () => {
  open(report());
  const keys = await part("API keys");
  expect(texts(keys.getAllByRole("row")).slice(1)).toEqual([
    "Active0",
    "Expiring1",
    "Expired2",
    "Disabled3",
    "Revoked4",
  ]);
  expect(keys.getByRole("link", { name: "Expired" }).getAttribute("href")).toBe("#/keys?status=expired");
  const stages = await part(/^Busiest stages/);
  expect(texts(stages.getAllByRole("row")).slice(1)).toEqual(["ShippedOrders / Delivery1,210", "Every stageInvoices4"]);
  expect(stages.getByRole("link", { name: /Shipped/ }).getAttribute("href")).toBe("#/setups?place=p1");
});

test("H07: an office that has only tested sees its tests, and they stay when the first live call comes", async () => {
  const tested = report({ days: days.map((each) => ({ ...each, live: none })), stages: [] });
  const { go, client } = open(tested);
  expect(await legend()).toMatchObject({ Accepted: "7" });
  expect(screen.getByText("No live calls in this month.")).toBeTruthy();
  go.answer("Dashboard.Get", () => report());
  await act(() => invalidate(client, "call"));
  await (await part(/^Busiest stages/)).findByText("1,210");
  expect(await legend()).toMatchObject({ Accepted: "7" });
});

test("H07: it is read again at the hints that concern it, and what has the focus keeps it", async () => {
  const expiring = report({ attention: [item("key_expiring", { id: "k1", name: "CRM", at_ms: now + day })] });
  const { go, client } = open(expiring);
  const button = await screen.findByRole("link", { name: "Replace … “CRM”" });
  button.focus();
  for (const kind of ["call", "apikey", "setup", "organisation", "process"]) {
    const before = go.inputs("Dashboard.Get").length;
    await act(() => invalidate(client, kind));
    expect(go.inputs("Dashboard.Get").length, kind).toBeGreaterThan(before);
  }
  expect(document.activeElement).toBe(button);
});

test("H07: a new office is told what to do first, and sees no empty picture", async () => {
  open(empty, all, {}, steps(true, false, false));
  const first = await part("Getting started");
  const list = first.getAllByRole("listitem");
  expect(list).toHaveLength(3);
  expect(list[0]?.textContent).toContain("Make a process, done");
  expect(first.getAllByRole("link").map((each) => each.getAttribute("href"))).toEqual([
    "#/processes",
    "#/setups/new",
    "#/setups",
  ]);
  expect(first.getByRole("link", { name: "Describe an API call" })).toBeTruthy();
  expect(screen.queryAllByRole("region")).toHaveLength(1);
  expect(screen.queryByRole("img")).toBeNull();
  expect(await axeFindings()).toEqual([]);
});

test("H07: people who may make nothing read what will be here", async () => {
  const { unmount } = open(empty, viewer);
  await screen.findByText("Nothing happened in the last 30 days.");
  expect(screen.getByText(/^Calls by day, API keys by status and the busiest stages are shown here/)).toBeTruthy();
  expect(screen.queryByRole("link")).toBeNull();
  unmount();
  open({ ...empty, sees_calls: false, days: [] }, ["apikey.view"]);
  await screen.findByText(/^API keys by status are shown here/);
});

test("H07: a role sees the parts that it may see", async () => {
  open(report({ sees_calls: false, days: [], stages: [] }), ["apikey.view"]);
  await part("API keys");
  expect(screen.queryByRole("region", { name: /^Calls/ })).toBeNull();
  expect(screen.queryByRole("region", { name: /^Busiest/ })).toBeNull();
});

test("H07: a dashboard that cannot be read says so and is read again; one that was read stays", async () => {
  let broken = true;
  fakeGo({
    "Dashboard.Get": () => {
      if (broken) throw faultLine("unavailable", "store.busy", "The data cannot be read now.", { hint: "Try again." });
      return report();
    },
    "Organisation.Steps": () => steps(true, true, true),
  });
  const { client } = renderInShell(<Dashboard />, { session: signedIn(all), at: "/dashboard" });
  await screen.findByText("The data cannot be read now.");
  broken = false;
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(await legend()).toMatchObject({ Accepted: "1,200" });
  broken = true;
  await act(() => invalidate(client, "call"));
  await screen.findByText(/What is shown here was read earlier/);
  expect(await legend()).toMatchObject({ Accepted: "1,200" });
});

test("names from outside change nothing around them, and long ones wrap", async () => {
  const name = "‮ABC نظام भुगतान Rechtsschutzversicherungsgesellschaften";
  open(report({ attention: [item("key_expiring", { id: "k1", name, at_ms: now + day })] }));
  const line = (await part("Needs attention")).getByRole("listitem");
  expect(line.querySelector("bdi")?.textContent).toContain("\\u202E");
});
