import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Permission } from "../../bridge/operation";
import { faultLine } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { user } from "../../testing/user";
import type { PreviewRow } from "./TransferChoices";
import { everyRight, fakeOffice, open } from "./testing/kit";

const rights: Permission[] = [...everyRight, "data.export", "data.import"];
const file = '{"keydesk": "setups"}';

function fileRow(number: number, part: Partial<PreviewRow> = {}): PreviewRow {
  return {
    row: number,
    line: number,
    title: `Setup ${number}`,
    place: "Orders / Delivery",
    stage: "Shipped",
    channel: "sms",
    state: "new",
    over: "",
    over_version: 0,
    over_title: "",
    over_on: false,
    needs: [],
    kept: [],
    retype: [],
    gone: [],
    off: false,
    tls_off: false,
    notes: [],
    problems: [],
    ...part,
  };
}

const preview = {
  rows: [
    fileRow(1, { needs: [0, 1], retype: ["Token", "Header X-Key"], off: true }),
    fileRow(2, { needs: [1, 2] }),
    fileRow(3, {
      state: "here",
      over: "s1",
      over_version: 4,
      over_title: "The old one",
      kept: ["Password"],
      gone: ["Token"],
    }),
    fileRow(4, { state: "same", over: "s2", over_version: 1 }),
    fileRow(5, { problems: ["API URL: Enter the host."], stage: "", channel: "email", tls_off: true }),
  ],
  makes: [
    { what: "Sub Process", path: "Orders / Delivery" },
    { what: "Stage", path: "Orders / Delivery / Shipped" },
    { what: "Stage Field", path: "Orders / Delivery / Shipped / Mobile" },
  ],
  notes: [] as string[],
};

const done = {
  added: 1,
  replaced: 1,
  places: 0,
  stages: 1,
  fields: 1,
  unfinished: [{ id: "new-1", title: "Setup 1", retype: ["Token"], was_plain: [] }],
};

function office(answers: Parameters<typeof fakeOffice>[0] = {}) {
  return fakeOffice({
    "Window.ReadText": () => ({ chosen: true, name: "setups.json", text: file }),
    "Transfer.Preview": () => preview,
    "Transfer.Import": () => done,
    ...answers,
  });
}

async function menu(entry: string) {
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: entry }));
}

async function previewed() {
  await menu("Import setups");
  await user.click(await screen.findByRole("button", { name: "Choose file" }));
  await screen.findByText("Setup 1");
}

const line = (title: string) => {
  const found = screen.getByText(title).closest("tr");
  if (!found) throw new Error(`no row ${title}`);
  return within(found);
};

/** The sentences of a row, one of them after another. */
const said = (title: string) =>
  line(title)
    .getAllByRole("listitem")
    .map((each) => each.textContent);

test("what the list shows is exported, filters included, through the window's own dialog", async () => {
  const go = office({
    "Transfer.Export": () => ({
      name: "setups.json",
      text: file,
      setups: 1,
      hidden: ["Order shipped", "Another"],
      damaged: ["Broken"],
    }),
    "Window.SaveText": () => ({ saved: true, path: "/home/asha/setups.json" }),
  });
  open("/setups?search=ship&channel=sms", rights);
  await screen.findByText("Home delivery");
  await menu("Export setups");
  await screen.findByText("Saved 1 setup as /home/asha/setups.json. Secrets are not in it.");
  await screen.findByText(/In “Order shipped” and 1 more setup a secret was also written in plain text/);
  await screen.findByText("“Broken” is damaged in the data file and is not in it.");
  expect(go.inputs("Transfer.Export")).toMatchObject([{ filter: { search: "ship", channel: "sms" }, ids: [] }]);
  expect(go.inputs("Window.SaveText")).toMatchObject([{ file_name: "setups.json", text: file }]);
});

test("a closed save dialog says nothing, a refused export says why", async () => {
  const go = office({
    "Transfer.Export": () => ({ name: "setups.json", text: file, setups: 7, hidden: [], damaged: [] }),
    "Window.SaveText": () => ({ saved: false, path: "" }),
  });
  open("/setups", rights);
  await screen.findByText("Home delivery");
  await menu("Export setups");
  await waitFor(() => expect(go.inputs("Window.SaveText")).toHaveLength(1));
  expect(screen.queryByText(/^Saved 7 setups/)).toBeNull();
  go.answer("Transfer.Export", () => {
    throw faultLine("invalid", "transfer.too_many", "These are more setups than one file holds.", {
      hint: "Filter the list.",
    });
  });
  await menu("Export setups");
  await screen.findByText("These are more setups than one file holds.");
});

test.each<[Permission[], string[]]>([
  [
    [...everyRight, "data.export"],
    ["Test all …", "Export setups"],
  ],
  [
    [...everyRight, "data.import"],
    ["Test all …", "Import setups"],
  ],
  [["setup.view", "data.export"], ["Export setups"]],
  [["setup.view", "data.import"], []],
])("A14 to A18: with %j the menu has %j", async (held, entries) => {
  office();
  open("/setups", held);
  await screen.findByText("Home delivery");
  const more = screen.queryByRole("button", { name: "More actions" });
  expect(more !== null).toBe(entries.length > 0);
  if (!more) return;
  await user.click(more);
  const shown = (await screen.findAllByRole("menuitem")).map((each) => each.textContent);
  expect(shown).toEqual(entries);
});

test("deleted setups are not offered for export", async () => {
  office();
  open("/setups?deleted=1", rights);
  await screen.findByText("Home delivery");
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await screen.findByRole("menuitem", { name: "Import setups" });
  expect(screen.queryByRole("menuitem", { name: "Export setups" })).toBeNull();
});

test("a file is shown row by row, and what is not chosen is skipped", async () => {
  const go = office();
  open("/setups", rights);
  await previewed();
  expect(go.inputs("Window.ReadText")).toMatchObject([{ pattern: "*.json" }]);
  expect(go.inputs("Transfer.Preview")).toEqual([{ text: file }]);
  expect(within(screen.getByRole("dialog")).getByRole("status").textContent).toBe(
    "setups.json: 5 setups: 2 new, 1 to replace or skip, 1 the same as here, 1 that cannot be imported.",
  );
  expect(said("Setup 1")).toEqual(["New.", "To be typed afterwards: Token, Header X-Key.", "Comes in switched off."]);
  expect(said("Setup 2")).toEqual(["New."]);
  expect(said("Setup 3")).toEqual([
    "A setup is here already: “The old one”.",
    "Keeps stored: Password.",
    "Stored here and destroyed: Token.",
  ]);
  line("Setup 4").getByText("The same setup is already here.");
  expect(said("Setup 5")).toEqual(["API URL: Enter the host.", "Line 5 of the file"]);
  line("Setup 5").getByText("Orders / Delivery / Every stage");
  line("Setup 5").getByText("TLS check off");
  // At first, new ones are imported and existing ones are kept.
  const taken = () => screen.getAllByRole<HTMLInputElement>("radio").filter((each) => each.checked);
  expect(taken().map((each) => each.value)).toEqual(["Import", "Import", "Skip"]);
  expect(line("Setup 4").queryByRole("radio")).toBeNull();
  expect(line("Setup 5").queryByRole("radio")).toBeNull();
  screen.getByText("Also makes 1 process or sub process, 1 stage and 1 stage field.");
  screen.getByText("1 setup comes in switched off until what is missing is typed.");
  expect(await axeFindings()).toEqual([]);

  // The tree follows the choice: what only a skipped setup needs is not added.
  await user.click(line("Setup 1").getByRole("radio", { name: "Skip" }));
  screen.getByText("Also makes 1 stage and 1 stage field.");
  expect(screen.queryByText(/comes in switched off until/)).toBeNull();
  await user.click(line("Setup 3").getByRole("radio", { name: "Replace" }));
  expect(go.inputs("Transfer.Import")).toEqual([]);
  const asked = go.inputs("Setup.List").length;
  await user.click(screen.getByRole("button", { name: "Import 2 setups" }));
  await screen.findByText("1 setup added, 1 setup replaced.");
  expect(go.inputs("Transfer.Import")).toEqual([
    {
      text: file,
      rows: [
        { row: 2, over: "", over_version: 0 },
        { row: 3, over: "s1", over_version: 4 },
      ],
    },
  ]);
  await waitFor(() => expect(go.inputs("Setup.List").length).toBeGreaterThan(asked));
  screen.getByText("Made on the way: 1 stage and 1 stage field.");
  const link = screen.getByRole("link", { name: "Setup 1" });
  expect(link.getAttribute("href")).toBe("#/setups/new-1");
  screen.getByText("Token");
  expect(await axeFindings()).toEqual([]);
});

test("A35: what a file marks as secret and was plain text here is said to be in the history", async () => {
  const unfinished = [{ id: "s1", title: "Setup 1", retype: ["Token", "Header X-Key"], was_plain: ["Header X-Key"] }];
  office({ "Transfer.Import": () => ({ ...done, unfinished }) });
  open("/setups", rights);
  await previewed();
  await user.click(screen.getByRole("button", { name: /^Import \d/ }));
  await screen.findByText("Token, Header X-Key", { exact: false });
  expect(screen.getByRole("list", { name: "Setups that need something typed" }).textContent).toContain(
    "In the history as plain text: Header X-Key",
  );
  screen.getByText(/An Org Admin can erase the old one/);
});

test("many existing setups are replaced or skipped at once", async () => {
  const rows = [1, 2, 3].map((number) => fileRow(number, { state: "here", over: `s${number}`, over_version: 1 }));
  rows.push(
    fileRow(4, { state: "here", problems: ["Replacing a setup needs the permission Can Edit API Key Setup."] }),
  );
  const go = office({ "Transfer.Preview": () => ({ rows, makes: [], notes: [] }) });
  open("/setups", rights);
  await previewed();
  expect(screen.queryByRole("button", { name: /^Import \d/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Replace all" }));
  await user.click(screen.getByRole("button", { name: "Skip all" }));
  expect(screen.queryByRole("button", { name: /^Import \d/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Replace all" }));
  await user.click(screen.getByRole("button", { name: "Import 3 setups" }));
  await screen.findByText("1 setup added, 1 setup replaced.");
  expect(go.inputs("Transfer.Import")).toMatchObject([{ rows: [{ over: "s1" }, { over: "s2" }, { over: "s3" }] }]);
});

test("one that is on is not replaced by one that is off without a word; a hostile file breaks nothing", async () => {
  const rows = [
    fileRow(1, {
      state: "here",
      over: "s1",
      over_version: 1,
      over_title: "Old",
      over_on: true,
      retype: ["Token"],
      off: true,
    }),
    fileRow(2, {
      channel: "__proto__" as never,
      title: "\u202Eevil",
      problems: ["Key For: Choose one of the offered values."],
    }),
  ];
  office({ "Transfer.Preview": () => ({ rows, makes: [], notes: [] }) });
  open("/setups", rights);
  await previewed();
  expect(said("Setup 1")).toEqual([
    "A setup is here already: “Old”.",
    "To be typed afterwards: Token.",
    "Comes in switched off; the one here is on.",
  ]);
  screen.getByText("__proto__");
  screen.getByText("evil", { exact: false, selector: "bdi" });
  expect(document.body.textContent).not.toContain("\u202Eevil");
});

test("a faulty file says why, at its line, and another can be chosen or pasted", async () => {
  const go = office({
    "Transfer.Preview": () => {
      throw faultLine("invalid", "transfer.faulty", "Line 7: “enabeld” is not known here.", {
        hint: "Nothing was imported.",
      });
    },
  });
  open("/setups", rights);
  await menu("Import setups");
  await user.click(await screen.findByRole("button", { name: "Choose file" }));
  await screen.findByText("Line 7: “enabeld” is not known here.");
  screen.getByText("Nothing was imported.");
  go.answer("Transfer.Preview", () => ({ rows: [], makes: [], notes: [] }));
  await user.click(screen.getByRole("textbox", { name: "Or paste its text here" }));
  await user.paste(file);
  await user.click(screen.getByRole("button", { name: "Preview" }));
  await screen.findByText("This file holds no setups.");
  expect(screen.queryByRole("button", { name: /^Import/ })).toBeNull();
  expect(go.inputs("Transfer.Import")).toEqual([]);
});

test("what changed since the preview is looked at again", async () => {
  const go = office({
    "Transfer.Import": () => {
      throw faultLine(
        "conflict",
        "transfer.moved",
        "Something changed here since the preview, so nothing was imported.",
      );
    },
  });
  open("/setups", rights);
  await previewed();
  await user.click(screen.getByRole("button", { name: "Import 2 setups" }));
  await screen.findByText("Something changed here since the preview, so nothing was imported.");
  await user.click(screen.getByRole("button", { name: "Look again" }));
  await waitFor(() => expect(go.inputs("Transfer.Preview")).toHaveLength(2));
  await waitFor(() => expect(screen.queryByText(/Something changed here/)).toBeNull());
});

test("S5: the preview says that a file cannot switch the TLS check off", async () => {
  const said = "The file switches the TLS check off for 2 setups. It stays on; switch it off in the setup if you must.";
  office({ "Transfer.Preview": () => ({ ...preview, notes: [said] }) });
  open("/setups", rights);
  await previewed();
  expect(screen.getByText(said)).toBeTruthy();
});

test("a large file is rendered in parts and imported whole", async () => {
  const rows = Array.from({ length: 120 }, (_, index) => fileRow(index + 1));
  const go = office({ "Transfer.Preview": () => ({ rows, makes: [], notes: [] }) });
  open("/setups", rights);
  await previewed();
  const rendered = () => document.querySelectorAll("fieldset").length;
  expect(rendered()).toBe(50);
  await user.click(screen.getByText("Show 50 more"));
  await user.click(await screen.findByText("Show 20 more"));
  await waitFor(() => expect(rendered()).toBe(120));
  expect(screen.queryByText(/^Show /)).toBeNull();
  await user.click(screen.getByText("Import 120 setups"));
  await waitFor(() => expect(go.inputs("Transfer.Import")).toHaveLength(1));
  expect((go.inputs("Transfer.Import")[0] as { rows: unknown[] }).rows).toHaveLength(120);
});
