import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { faultLine } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { fill, user } from "../../testing/user";
import { everyRight, fakeOffice, open, row } from "./testing/kit";

const grid = () => screen.findByRole("grid", { name: "setups" });
const page = (rows: ReturnType<typeof row>[], more = {}) => ({
  rows,
  next: "",
  count: rows.length,
  capped: false,
  ...more,
});

test("A01 A50: the columns in their order, the words of UI.md (Lists) in the cells", async () => {
  fakeOffice({
    "Setup.List": () =>
      page([
        row("s1", { last_verdict: "accepted", last_at_ms: Date.now() - 2 * 3_600_000 }),
        row("s2", {
          stage: "",
          sub_sub_process: "",
          auth_type: "oauth2",
          channel: "whatsapp_business",
          provider: "acme-wa",
          provider_name: "Acme",
        }),
      ]),
  });
  open("/setups");
  const table = await grid();
  await within(table).findByText("Every stage");
  const headers = within(table).getAllByRole("columnheader");
  expect(headers.map((each) => each.textContent)).toEqual([
    "Process",
    "Sub Process",
    "Sub Sub Process",
    "Stage",
    "Auth Type",
    "Key For",
    "Provider",
    "Last result",
    "Actions",
  ]);
  const cells = (at: number) =>
    within(within(table).getAllByRole("row")[at] as HTMLElement)
      .getAllByRole("gridcell")
      .map((each) => each.textContent);
  expect(cells(1).slice(0, 8)).toEqual([
    "Orders",
    "Delivery",
    "Home delivery",
    "Shipped",
    "Basic Auth",
    "SMS",
    "Other",
    "Accepted2 h",
  ]);
  expect(cells(2).slice(2, 8)).toEqual(["", "Every stage", "OAuth 2.0", "WhatsApp Business", "Acme", "Never"]);
  expect(screen.getByText("2 setups")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);
});

test("A50: the provider by its name; a last result of the simulator is never shown as a real one", async () => {
  const last = { last_verdict: "accepted", last_at_ms: Date.now() - 2 * 3_600_000 };
  fakeOffice({
    "Setup.List": () =>
      page([
        row("s1", { ...last, provider: "twilio-sms", provider_name: "Twilio SMS", last_simulated: true }),
        row("s2", { ...last, provider: "gone-file", provider_name: "" }),
        row("s3"),
      ]),
  });
  open("/setups");
  const table = await grid();
  await within(table).findByText("Twilio SMS");
  const cells = within(table)
    .getAllByRole("row")
    .slice(1)
    .map((each) => within(each).getAllByRole("gridcell"))
    .map((each) => [each[6]?.textContent, each[7]?.textContent, each[7]?.title]);
  expect(cells.map(([provider, result]) => [provider, result])).toEqual([
    ["Twilio SMS", "Acceptedsimulated"],
    ["gone-file", "Accepted2 h"],
    ["Other", "Never"],
  ]);
  expect(cells.map(([, , title]) => /simulator/.test(title ?? ""))).toEqual([true, false, false]);
});

test("A51: the search is sent as typed, is in the address, and its hits are marked in any case", async () => {
  const go = fakeOffice({ "Setup.List": () => page([row("s1", { process: "Größe", name: "Übergabe heute" })]) });
  open("/setups");
  await grid();
  fill(screen.getByRole("textbox", { name: /Search/ }), "GRÖSSE über");
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ search: "GRÖSSE über" }));
  expect(decodeURIComponent(location.hash)).toContain("search=GRÖSSE");
  const marks = async () => [...(await grid()).querySelectorAll("mark")].map((each) => each.textContent);
  // A name has no column: a hit in it is shown next to the provider.
  await waitFor(async () => expect(await marks()).toEqual(["Größe", "Über"]));
});

test("A51: no hit says so and offers to clear", async () => {
  const go = fakeOffice({ "Setup.List": () => page([]) });
  open("/setups?search=zzz&channel=sms");
  await screen.findByText("No setup matches.");
  await user.click(screen.getByRole("button", { name: "Clear search and filters" }));
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ search: "", channel: "" }));
  await screen.findByText("No setups yet.");
  expect(screen.getByText("A setup tells Keydesk which API to call at a stage.")).toBeTruthy();
});

test("A52: sorting and filters are asked of Go; a full count says so; 10,000 rows draw a screenful", async () => {
  const rows = Array.from({ length: 10_000 }, (_, index) => row(`s${index}`, { process: `P${index}` }));
  const go = fakeOffice({ "Setup.List": () => page(rows, { count: 1000, capped: true }) });
  open("/setups");
  await screen.findByText("1,000+ setups");
  expect(screen.getAllByRole("row").length).toBeLessThan(100);
  await user.click(screen.getByRole("button", { name: "Stage" }));
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ sort: "stage", descending: false }));
  await user.click(screen.getByRole("button", { name: "Stage" }));
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ sort: "stage", descending: true }));
  await user.click(screen.getByRole("combobox", { name: "Result" }));
  await user.click(await screen.findByRole("option", { name: "Refused" }));
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ verdict: "refused" }));
});

test("the next page is fetched with the cursor of the one before", async () => {
  const go = fakeOffice({
    "Setup.List": ({ after }: { after: string }) =>
      after ? page([row("last", { process: "Zulu" })]) : page([row("s1")], { next: "cursor" }),
  });
  open("/setups");
  await screen.findByText("Zulu");
  expect(go.inputs("Setup.List").at(-1)).toMatchObject({ after: "cursor" });
});

test("a failing list says why and tries again", async () => {
  const go = fakeOffice({
    "Setup.List": () => {
      throw faultLine("unavailable", "store.locked", "The data is in use.", { hint: "Try again." });
    },
  });
  open("/setups");
  await screen.findByText("The data is in use.");
  go.answer("Setup.List", () => page([row("s1")]));
  await user.click(screen.getByRole("button", { name: "Retry" }));
  await screen.findByText("Home delivery");
});

test.each([
  ["setup.create", "Create", "Duplicate"],
  ["setup.edit", "Edit", ""],
  ["setup.delete", "Delete", ""],
  ["setup.test", "Test", "More actions"],
])("A14 to A17: without %s there is no %s", async (permission, ...gone) => {
  fakeOffice();
  open(
    "/setups",
    everyRight.filter((each) => each !== permission),
  );
  await screen.findByText("Home delivery");
  for (const name of ["Create", "Test", "Edit", "Duplicate", "Delete", "More actions"]) {
    expect([name, screen.queryAllByRole("button", { name }).length > 0]).toEqual([name, !gone.includes(name)]);
  }
});

test("A53 A54: Delete asks with its consequence; Keep changes nothing, Delete deletes", async () => {
  const go = fakeOffice({
    "Setup.DeleteInfo": () => ({
      title: "Order shipped",
      calls: 214,
      fallback_id: "",
      fallback: "",
      place: "Home delivery",
      stage: "Shipped",
    }),
    "Setup.Delete": () => ({}),
  });
  open("/setups");
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete “Order shipped”?" });
  within(dialog).getByText("The stage Shipped will have no SMS setup. 214 calls stay in the history.");
  await user.click(within(dialog).getByRole("button", { name: "Keep" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(go.inputs("Setup.Delete")).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(go.inputs("Setup.Delete")).toEqual([{ id: "s1" }]));
});

test("A54: a setup that takes over is named", async () => {
  fakeOffice({
    "Setup.DeleteInfo": () => ({
      title: "X",
      calls: 1,
      fallback_id: "s2",
      fallback: "Orders, SMS",
      place: "",
      stage: "",
    }),
  });
  open("/setups");
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await screen.findByText("Then “Orders, SMS” applies. 1 call stays in the history.");
});

test("deleted setups can be restored; a refusal shows its reason and what is in the way", async () => {
  const go = fakeOffice({
    "Setup.List": ({ deleted }: { deleted: boolean }) => page(deleted ? [row("gone", { deleted_ms: 5 })] : []),
    "Setup.Restore": () => {
      throw faultLine("conflict", "setup.taken", "There is already an enabled setup.", {
        links: [{ kind: "setup", id: "s9", name: "The first" }],
      });
    },
  });
  open("/setups");
  await screen.findByText("No setups yet.");
  await user.click(screen.getByRole("switch", { name: "Deleted" }));
  await user.click(await screen.findByRole("button", { name: "Restore" }));
  await screen.findByText(/There is already an enabled setup/);
  expect(screen.getByRole("link", { name: "Open “The first”" }).getAttribute("href")).toBe("#/setups/s9");
  expect(go.inputs("Setup.Restore")).toEqual([{ id: "gone" }]);
  expect(screen.queryByRole("button", { name: "Edit" })).toBeNull();
});

test("R7: a TLS check that is off says so in words; a setup that is off says Off", async () => {
  fakeOffice({ "Setup.List": () => page([row("s1", { tls_off: true, enabled: false })]) });
  open("/setups");
  await screen.findByText("TLS check off");
  screen.getByText("Off");
});

test("a secret that can no longer be read is said in words", async () => {
  fakeOffice({ "Setup.List": () => page([row("s1", { unreadable: true })]) });
  open("/setups");
  await screen.findByText("Enter secret again");
});

test("the keyboard alone: arrows move, Enter opens, Del asks", async () => {
  fakeOffice({
    "Setup.List": () => page([row("s1"), row("s2", { stage: "Ready" })]),
    "Setup.DeleteInfo": () => ({ title: "Two", calls: 0, fallback_id: "", fallback: "", place: "P", stage: "" }),
  });
  open("/setups");
  const table = await grid();
  await within(table).findByText("Ready");
  table.focus();
  await user.keyboard("{ArrowDown}{Delete}");
  await screen.findByRole("dialog", { name: "Delete “Two”?" });
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  table.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(location.hash).toBe("#/setups/s2"));
});

test("Test all fires what the list shows and tells what was not fired and why", async () => {
  const go = fakeOffice({
    "Call.TestAll": () => ({
      run_id: "r",
      fired: 3,
      simulated: 2,
      verdicts: { accepted: 2, refused: 1, throttled: 0, unclear: 0, failed: 0 },
      not_fired: [{ setup_id: "s9", title: "Far away", why: "It goes to api.example.test." }],
      total_ms: 12,
      cancelled: false,
    }),
    "Operation.Progress": () => ({ done: 0, total: 0, text: "" }),
  });
  open("/setups?channel=sms");
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Test all …" }));
  await screen.findByText(/Setups of a provider go to the simulator: nothing is sent and it costs no money\./);
  await user.click(await screen.findByRole("button", { name: "Test all" }));
  await screen.findByText(/3 setups were fired/);
  screen.getByText("2 at the simulator, 1 at this computer. Nothing left this computer.");
  expect(screen.queryByRole("link", { name: "Open the calls" })).toBeNull();
  screen.getByText("It goes to api.example.test.");
  expect(go.inputs("Call.TestAll")).toMatchObject([{ filter: { channel: "sms" } }]);
});

test("H07: an address narrows the list to a place or to what fails, and opens the test of a setup", async () => {
  const go = fakeOffice({ "Setup.List": () => page([row("s1")]) });
  const { unmount } = open("/setups?result=failing");
  await grid();
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ verdict: "failing" }));
  expect(screen.getByRole<HTMLInputElement>("combobox", { name: "Result" }).value).toBe("Failing");
  unmount();
  open("/setups?place=home");
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ place_id: "home" }));
  await screen.findByText("Orders / Delivery / Home delivery");
  await user.click(screen.getByRole("button", { name: "Show all places" }));
  await waitFor(() => expect(go.inputs("Setup.List").at(-1)).toMatchObject({ place_id: "" }));
  expect(location.hash).toBe("#/setups");
});
