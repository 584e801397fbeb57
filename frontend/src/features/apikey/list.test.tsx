import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { faultLine } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { fill, user } from "../../testing/user";
import { apiKeys, integration, type MenuPath, secretManager } from "./menuPath";
import { client as calling, day, dialog, fakeKeys, key, open, page, roles } from "./testing/kit";

const grid = () => screen.findByRole("grid", { name: "API keys" });
const row = async (title: string) => within(await within(await grid()).findByRole("row", { name: new RegExp(title) }));

test("B08 C27 E08: names, masked keys, statuses, dates and calls", async () => {
  fakeKeys({
    "Apikey.List": () =>
      page([
        key("k1", { title: "Integration with CRM" }),
        key("k2", { title: "Old shop", status: "revoked", revoked_ms: 1, last_used_ms: 0 }),
        key("k3", { title: "Test bench", status: "disabled", disabled_ms: 1, expires_ms: 0 }),
        key("k4", { title: "Soon", status: "expiring" }),
        key("k5", { title: "Over", status: "expired" }),
        key("k6", { title: "Written by hand", damaged: true }),
      ]),
  });
  open("/keys");
  const table = await grid();
  await within(table).findByText("Integration with CRM");
  const heads = within(table).getAllByRole("columnheader");
  expect(heads.map((each) => each.textContent)).toEqual([
    "Title",
    "Key",
    "Status",
    "Created",
    "Expires",
    "Last used",
    "Calls",
    "Actions",
  ]);
  const cells = within(table)
    .getAllByRole("row")
    .slice(1)
    .map((each) =>
      within(each)
        .getAllByRole("gridcell")
        .map((cell) => cell.textContent),
    );
  expect(cells[0]?.slice(0, 3)).toEqual(["Integration with CRM", "kd_Ab3dEf7h_••••••••", "Active"]);
  expect(cells[0]?.slice(5, 7)).toEqual(["2 hours ago", "1,204"]);
  expect(cells.map((each) => each[2])).toEqual(["Active", "Revoked", "Disabled", "Expiring", "Expired", "Damaged"]);
  expect(cells[1]?.[5]).toBe("Never");
  expect(cells[2]?.[4]).toBe("Never");
  expect(screen.getByText("6 keys")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);
});

test.each<[string, MenuPath, string[]]>([
  ["API Settings > API Secret Manager", secretManager, ["API Secret Manager", "Create New", "Title", "Confirm"]],
  ["Settings > API Keys", apiKeys, ["API Keys", "Create API Key", "Key Name", "Generate"]],
  ["Settings > Integration", integration, ["API Keys", "Generate Key", "Key Name", "Generate"]],
])("X3 B03 E02: the labels by %s", async (_, menu, [title, create, name, confirm]) => {
  fakeKeys();
  open(menu.base);
  await screen.findByRole("heading", { name: title, level: 1 });
  await user.click(await screen.findByRole("button", { name: create }));
  const form = await dialog("Generate an API Key");
  expect(form.getByRole("textbox", { name: name })).toBeTruthy();
  expect(form.getByRole("button", { name: confirm })).toBeTruthy();
});

test("B15: an office without keys is told what a key is, and can close and open it again", async () => {
  fakeKeys({ "Apikey.List": () => page([]) });
  open("/keys");
  await screen.findByText("No API keys yet.");
  const help = await screen.findByRole("complementary", { name: "What is an API key?" });
  expect(help.textContent).toMatch(/A password for a program/);
  expect(await axeFindings()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Close the explanation" }));
  expect(screen.queryByRole("complementary")).toBeNull();
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "What is an API key?" }));
  expect(await screen.findByRole("complementary", { name: "What is an API key?" })).toBeTruthy();
});

test("E09 E10: search, filters and order are asked of Go and are in the address", async () => {
  const go = fakeKeys();
  const { client } = open("/keys");
  await grid();
  fill(screen.getByRole("textbox", { name: "Search title" }), "GATE");
  await waitFor(() => expect(go.inputs("Apikey.List").at(-1)).toMatchObject({ search: "GATE" }));
  await waitFor(() => expect(document.querySelector("mark")?.textContent).toBe("Gate"));
  for (const [label, choice] of [
    ["Status", "Revoked"],
    ["Made by", "Asha Rao"],
    ["Unused for", "Unused for 60 days"],
    ["Expires in", "Within 14 days"],
  ] as const) {
    await user.click(screen.getByRole("combobox", { name: label }));
    await user.click(await screen.findByRole("option", { name: choice }));
  }
  await user.click(await screen.findByRole("button", { name: "Last used" }));
  await waitFor(() =>
    expect(go.inputs("Apikey.List").at(-1)).toMatchObject({
      search: "GATE",
      status: "revoked",
      creator: "user-1",
      unused_days: 60,
      expiring_days: 14,
      review: false,
      sort: "used",
      descending: false,
    }),
  );
  expect(location.hash).toContain("status=revoked");
  go.answer("Apikey.List", () => page([]));
  await act(() => client.invalidateQueries());
  await user.click(await screen.findByRole("button", { name: "Clear search and filters" }));
  await waitFor(() => expect(go.inputs("Apikey.List").at(-1)).toMatchObject({ search: "", status: "", creator: "" }));
});

test("E14: Keys to review say why, and are revoked in one click and a question", async () => {
  const go = fakeKeys({
    "Apikey.List": () =>
      page([key("k1", { title: "Old CRM", expires_ms: 0, full_access: true, last_used_ms: Date.now() - 200.5 * day })]),
    "Apikey.Revoke": () => key("k1", { status: "revoked" }),
  });
  open("/keys");
  await grid();
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Keys to review" }));
  await waitFor(() => expect(go.inputs("Apikey.List").at(-1)).toMatchObject({ review: true, review_days: 90 }));
  await screen.findByText("Never expires, Full access, Unused for 200 days");
  await user.click(screen.getByRole("combobox", { name: "Counts as unused" }));
  await user.click(await screen.findByRole("option", { name: "Unused for 30 days" }));
  await waitFor(() => expect(go.inputs("Apikey.List").at(-1)).toMatchObject({ review: true, review_days: 30 }));
  await user.click((await row("Old CRM")).getByRole("button", { name: "Revoke" }));
  const ask = await dialog("Revoke “Old CRM”?");
  expect(ask.getByText(/last used 6 months ago/)).toBeTruthy();
  await user.click(ask.getByRole("button", { name: "Revoke" }));
  await waitFor(() => expect(go.inputs("Apikey.Revoke")).toEqual([{ id: "k1" }]));
  await user.click(screen.getByRole("button", { name: "Show all keys" }));
  await waitFor(() => expect(go.inputs("Apikey.List").at(-1)).toMatchObject({ review: false, review_days: 0 }));
});

test.each<[keyof typeof roles, string[], string[], string[]]>([
  ["Org Admin", ["Create New"], ["Edit", "Delete", "More"], ["Disable", "Replace …", "Revoke"]],
  ["Manager", ["Create New"], ["Edit", "More"], ["Disable", "Replace …", "Revoke"]],
  ["Operator", [], [], []],
  ["Viewer", [], [], []],
])("C24 C33: what a row and the screen offer to %s", async (role, create, icons, more) => {
  fakeKeys({ "Apikey.List": () => page([key("k1")]) });
  open("/keys/k1", roles[role]);
  const details = await dialog("Key k1");
  await details.findByText("Access log");
  const inDetails = details.queryAllByRole("button").map((each) => each.textContent);
  expect(inDetails.filter((each) => /Edit|Replace|Disable|Revoke|Delete/.test(each ?? ""))).toEqual(
    role === "Org Admin"
      ? ["Edit", "Replace …", "Disable", "Revoke", "Delete"]
      : role === "Manager"
        ? ["Edit", "Replace …", "Disable", "Revoke"]
        : [],
  );
  await user.keyboard("{Escape}");
  const first = await row("Key k1");
  expect(first.queryAllByRole("button").map((each) => each.getAttribute("aria-label"))).toEqual(icons);
  expect(screen.queryAllByRole("button", { name: "Create New" }).map((each) => each.textContent)).toEqual(create);
  if (more.length > 0) {
    await user.click(first.getByRole("button", { name: "More" }));
    expect((await screen.findAllByRole("menuitem")).map((each) => each.textContent)).toEqual(more);
    await user.keyboard("{Escape}");
  }
  await user.click(screen.getByRole("button", { name: "More actions" }));
  const menu = (await screen.findAllByRole("menuitem")).map((each) => each.textContent);
  expect(menu.includes("Take over a key from elsewhere")).toBe(role === "Org Admin" || role === "Manager");
  expect(menu).toContain("Check a key");
});

test("X9: a revoked key can only be deleted, a disabled one be enabled again", async () => {
  const go = fakeKeys({
    "Apikey.List": () =>
      page([
        key("k1", { title: "Old shop", status: "revoked", revoked_ms: 5 }),
        key("k2", { title: "Test bench", status: "disabled", disabled_ms: 5 }),
      ]),
    "Apikey.Enable": () => key("k2"),
    "Apikey.Delete": () => key("k1"),
  });
  open("/keys");
  const revoked = await row("Old shop");
  expect(revoked.getAllByRole("button").map((each) => each.getAttribute("aria-label"))).toEqual(["Delete"]);
  await user.click((await row("Test bench")).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Enable" }));
  await waitFor(() => expect(go.inputs("Apikey.Enable")).toEqual([{ id: "k2" }]));
});

test("B10 E13: Delete asks first, names title and last use, and keeps the key on Keep", async () => {
  const go = fakeKeys({
    "Apikey.List": () => page([key("k1", { title: "Shop" }), key("k2", { title: "Never used", last_used_ms: 0 })]),
    "Apikey.Delete": () => key("k1"),
  });
  open("/keys");
  await user.click((await row("Shop")).getByRole("button", { name: "Delete" }));
  let ask = await dialog("Delete “Shop”?");
  expect(ask.getByText(/It was last used 2 hours ago\./)).toBeTruthy();
  await user.click(ask.getByRole("button", { name: "Keep" }));
  expect(go.inputs("Apikey.Delete")).toEqual([]);
  // With the keyboard alone: the active row, Delete, and the question's own button.
  (await grid()).focus();
  await user.keyboard("{ArrowDown}{ArrowUp}{ArrowDown}{Delete}");
  ask = await dialog("Delete “Never used”?");
  expect(ask.getByText(/It was never used\./)).toBeTruthy();
  await user.keyboard("{Tab}{Enter}");
  await waitFor(() => expect(go.inputs("Apikey.Delete")).toEqual([{ id: "k2" }]));
});

test("a refusal of a row's action is shown, with Reload", async () => {
  const go = fakeKeys({
    "Apikey.Disable": () => {
      throw faultLine("conflict", "store.stale", "Somebody else changed it meanwhile.", { hint: "Reload it." });
    },
  });
  open("/keys");
  await user.click((await row("Payment Gateway")).getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: "Disable" }));
  await screen.findByText("Somebody else changed it meanwhile.");
  const before = go.inputs("Apikey.List").length;
  await user.click(screen.getByRole("button", { name: "Reload" }));
  await waitFor(() => expect(go.inputs("Apikey.List").length).toBeGreaterThan(before));
});

test("C15 C28 C30: a key's details: what it may do, usage by outcome, and its access log", async () => {
  const go = fakeKeys({
    "Apikey.Get": () =>
      key("k1", {
        title: "Integration with CRM",
        grants: {
          scopes: ["calls:send"],
          places: ["delivery"],
          channels: ["sms"],
          live_per_day: 2000,
          sources: ["192.168.1.0/24"],
          per_minute: 30,
        },
      }),
    "Apikey.Usage": () => ({
      days: [
        { day: "2026-03-01", accepted: 1000, refused: 0, limited: 0, failed: 0 },
        { day: "2026-03-02", accepted: 204, refused: 0, limited: 3, failed: 0 },
      ],
    }),
    "Apikey.Access": ({ refused }: { refused: boolean }) => ({
      rows: [
        {
          id: 7,
          at_ms: Date.now(),
          key_id: "k1",
          title: "",
          method: "POST",
          route: "/v1/calls",
          status: 403,
          code: "access.scope",
          source: "127.0.0.1",
          took_ms: 4,
          requests: 1,
        },
        ...(refused
          ? []
          : [
              {
                id: 6,
                at_ms: Date.now(),
                key_id: "k1",
                title: "",
                method: "GET",
                route: "/v1/key",
                status: 200,
                code: "",
                source: "127.0.0.1",
                took_ms: 1,
                requests: 1,
              },
            ]),
      ],
      more: false,
    }),
  });
  open("/keys/k1");
  const details = await dialog("Integration with CRM");
  await details.findByText("Orders / Delivery");
  expect(details.getByText("Only SMS")).toBeTruthy();
  expect(details.getByText("At most 2,000 a day")).toBeTruthy();
  expect(details.getByText("192.168.1.0/24")).toBeTruthy();
  expect(details.getByText("At most 30 a minute")).toBeTruthy();
  await details.findAllByText("1,204");
  const figures = Object.fromEntries(
    [...document.querySelectorAll("[aria-labelledby=key-usage] dl div")].map((each) => [
      each.querySelector("dt")?.textContent,
      each.querySelector("dd")?.textContent,
    ]),
  );
  expect(figures).toEqual({ Accepted: "1,204", Refused: "0", "Over the limit": "3", Failed: "0", Ever: "1,204" });
  await details.findByText("Refused: its scopes do not allow it");
  expect(details.getByText("Accepted (200)")).toBeTruthy();
  await user.click(details.getByRole("switch", { name: "Only refused" }));
  await waitFor(() => expect(go.inputs("Apikey.Access").at(-1)).toMatchObject({ key_id: "k1", refused: true }));
  expect(await axeFindings()).toEqual([]);
});

test("C30: the access log of the local API has also what came without a good key, with a count", async () => {
  const go = fakeKeys({
    "Apikey.Access": () => ({
      rows: [
        {
          id: 9,
          at_ms: Date.now(),
          key_id: "",
          title: "",
          method: "GET",
          route: "/v1/key",
          status: 401,
          code: "apikey.unknown",
          source: "127.0.0.1",
          took_ms: 0,
          requests: 10_000,
        },
      ],
      more: false,
    }),
  });
  open("/keys", roles.Viewer);
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Access log" }));
  const log = await dialog("Access log");
  await log.findByText("Refused: not a key of this office");
  expect(log.getByText("No good key")).toBeTruthy();
  expect(log.getByText("10,000")).toBeTruthy();
  expect(go.inputs("Apikey.Access")).toMatchObject([{ key_id: "", refused: false }]);
  expect(await axeFindings()).toEqual([]);
});

test("E19: a key that was replaced leads to the one in its place", async () => {
  fakeKeys({
    "Apikey.Get": ({ id }: { id: string }) =>
      key(id, id === "k1" ? { title: "Old", replaced_by: "k2" } : { title: "New" }),
  });
  open("/settings/api-keys/k1");
  await user.click(await (await dialog("Old")).findByRole("button", { name: "Open the key that replaces it" }));
  await dialog("New");
  expect(location.hash).toBe("#/settings/api-keys/k2");
});

test("C32 X8: the whole key is nowhere on the page of a list and its details", async () => {
  fakeKeys();
  open("/keys/k1");
  await (await dialog("Key k1")).findByText("Access log");
  expect(document.body.innerHTML).not.toMatch(/kd_[0-9A-Za-z]{8}_[0-9A-Za-z]{10}/);
});

test("10,000 keys draw a screenful, and a list that cannot be read says so", async () => {
  const go = fakeKeys({
    "Apikey.List": () =>
      page(
        Array.from({ length: 10_000 }, (_, at) => key(`k${at}`)),
        { count: 1000, capped: true },
      ),
  });
  open("/keys");
  await screen.findByText("1,000+ keys");
  expect(screen.getAllByRole("row").length).toBeLessThan(100);
  go.answer("Apikey.List", () => {
    throw faultLine("unavailable", "store.unavailable", "The data cannot be read.");
  });
  fill(screen.getByRole("textbox", { name: "Search title" }), "x");
  await screen.findByText("The data cannot be read.");
  expect(screen.getByRole("button", { name: "Retry" })).toBeTruthy();
});

test("C05 C06 C07 C12: Integration has the card of keys, the steps by what is so, and a line that calls", async () => {
  const go = fakeKeys({ "Apikey.List": () => page([]) });
  const { client } = open("/settings/integration");
  await screen.findByText(/No API keys yet\./);
  expect(screen.getByRole("region", { name: "API Keys" }).textContent).toMatch(/Programmatic access/);
  const steps = () => within(screen.getByRole("region", { name: "Getting started" })).getAllByRole("listitem");
  expect(steps().map((each) => / done$/.test(each.textContent ?? ""))).toEqual([true, false, false, false, false]);
  await screen.findByText(/curl -H 'Authorization: x-api-key PASTE_YOUR_KEY_HERE'/);
  expect(await axeFindings()).toEqual([]);
  go.answer("Apikey.List", () => page([key("k1")]));
  go.answer("Organisation.Running", () => ({ local_api: true, port: 7373, problem: "", paused: false }));
  go.answer("Organisation.Client", () => ({ ...calling, simulated: true }));
  await act(() => client.invalidateQueries());
  await waitFor(() =>
    expect(steps().map((each) => / done$/.test(each.textContent ?? ""))).toEqual([true, true, true, true, false]),
  );
  go.answer("Organisation.Client", () => ({ ...calling, simulated: true, sent: true }));
  await act(() => client.invalidateQueries());
  await waitFor(() =>
    expect(steps().map((each) => / done$/.test(each.textContent ?? ""))).toEqual(Array(5).fill(true)),
  );
  expect(screen.getByText("1 key")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Generate Key" }));
  expect((await dialog("Generate an API Key")).getByRole("textbox", { name: "Key Name" })).toBeTruthy();
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Open API Keys" }));
  await grid();
  expect(location.hash).toBe("#/settings/integration/api-keys");
});
