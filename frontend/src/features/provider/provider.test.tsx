import { notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { provider } from "../../bridge/api";
import type { Permission } from "../../bridge/operation";
import { makeClient, read } from "../../bridge/query";
import { entries } from "../../shell/entries";
import { fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { user } from "../../testing/user";
import Providers from "./index";
import type { Field, FilePreview, Form, Summary } from "./types";
import { afterRemoval } from "./words";

afterEach(() => notifications.clean());

const all: Permission[] = ["setup.view", "settings.manage", "data.export"];
const viewer: Permission[] = ["setup.view"];

const line = (id: string, name: string, more: Partial<Summary> = {}): Summary => ({
  id,
  name,
  version: 1,
  service: name,
  channels: ["sms"],
  badge: "V",
  more: false,
  built_in: true,
  testable: true,
  setups: 0,
  ...more,
});
const acme = line("acme-sms", "Acme SMS", { badge: "U", built_in: false, testable: false, setups: 2, version: 4 });
const lines = [
  acme,
  line("meta-whatsapp", "WhatsApp Cloud API", { service: "Meta", channels: ["whatsapp_business"], badge: "C" }),
  line("twilio-sms", "Twilio SMS", { service: "Twilio", setups: 7 }),
];
const field = (id: string, label: string, more: Partial<Field> = {}): Field => ({
  id,
  label,
  help: "",
  kind: "text",
  secret: false,
  optional: false,
  belongs: "account",
  pattern: "",
  example: "",
  default: "",
  choices: [],
  when: "",
  needed_in: [],
  ...more,
});
const form = {
  provider: {
    ...acme,
    account: "acme",
    marks: { badge: "U", request: "C", success: "U", errors: "not documented" },
    help: "Sends through Acme.",
    page: "https://acme.example/docs",
    delivery: "",
    fields: [
      field("key", "API key", { secret: true, help: "On the page Keys." }),
      field("to", "To", { belongs: "message", example: "+919812345678" }),
      field("text", "Text", { belongs: "message", when: "to=sms|later" }),
      field("entity", "Entity id", { belongs: "message", optional: true, needed_in: ["IN"] }),
    ],
    one_of: null,
    recipient: "to",
    rows: null,
    not_documented: ["no_balance", "probe"],
  },
  probe_says: "",
  outcomes: [
    { id: "accepted", documented: true },
    { id: "no_balance", documented: false },
  ],
  simulated: ["key"],
  hosts: ["https://{{region}}.acme.example"],
  setups: 2,
} as unknown as Form;
const good: FilePreview = {
  provider: { ...acme, version: 5 },
  faults: [],
  replaces: 4,
  hosts: ["https://{{region}}.acme.example", "http://plain.example"],
};

function open(at = "/providers", answers: Parameters<typeof fakeGo>[0] = {}, rights = all) {
  const go = fakeGo({
    "Provider.List": () => ({ providers: lines, faults: [], waiting: [], folder: "/home/asha/keydesk/providers" }),
    "Provider.Get": () => form,
    ...answers,
  });
  renderInShell(<Providers />, { at, session: signedIn(rights) });
  return go;
}
const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("gridcell")[0]?.textContent);
const press = (name: string | RegExp) => user.click(screen.getByRole("button", { name }));
const paste = async (text: string) => {
  await user.click(screen.getByLabelText("Or paste its text here"));
  await user.paste(text);
  await press("Preview");
};
async function choose(label: string, option: string) {
  await user.click(screen.getByRole("combobox", { name: label }));
  await user.click(await screen.findByRole("option", { name: option }));
}

test("the list says in words what each provider is, and counts", async () => {
  open();
  await screen.findByText("3 providers");
  const cells = within(screen.getByRole("row", { name: /Acme SMS/ })).getAllByRole("gridcell");
  expect(cells.map((cell) => cell.textContent)).toEqual([
    "Acme SMS",
    "SMS",
    "Not verified",
    "Your own",
    "2 setups",
    "No",
  ]);
  expect(screen.getByText("Read in a client")).toBeTruthy();
  await user.hover(screen.getByText("Not verified"));
  await screen.findByText(/Nobody has checked this at the provider/);
  expect(await axeFindings()).toEqual([]);
});

test("search finds name, service, id and Key For in any case; filters and an empty result say what to do", async () => {
  open();
  await screen.findByText("3 providers");
  const search = screen.getByLabelText("Search name, service, id");
  await user.type(search, "META");
  await waitFor(() => expect(names()).toEqual(["WhatsApp Cloud API"]));
  await user.clear(search);
  await user.type(search, "sms twil");
  await waitFor(() => expect(names()).toEqual(["Twilio SMS"]));
  await user.clear(search);
  await choose("Key For", "WhatsApp Business");
  await waitFor(() => expect(names()).toEqual(["WhatsApp Cloud API"]));
  expect(window.location.hash).toContain("channel=whatsapp_business");
  await choose("From", "Your own");
  await screen.findByText("No provider matches.");
  await press("Clear search and filters");
  await waitFor(() => expect(names()).toHaveLength(3));
});

test("every column sorts, both ways, then by name", async () => {
  open();
  await screen.findByText("3 providers");
  const sortBy = (name: string) => user.click(screen.getByRole("button", { name: new RegExp(`^${name}`) }));
  await sortBy("Used by");
  expect(names()).toEqual(["WhatsApp Cloud API", "Acme SMS", "Twilio SMS"]);
  await sortBy("Used by");
  expect(names()).toEqual(["Twilio SMS", "Acme SMS", "WhatsApp Cloud API"]);
  await sortBy("How it is known");
  expect(names()).toEqual(["Twilio SMS", "WhatsApp Cloud API", "Acme SMS"]);
  await sortBy("Key check");
  expect(names()).toEqual(["Twilio SMS", "WhatsApp Cloud API", "Acme SMS"]);
  await sortBy("Key For");
  expect(names()).toEqual(["Acme SMS", "Twilio SMS", "WhatsApp Cloud API"]);
  await sortBy("From");
  expect(names()).toEqual(["Twilio SMS", "WhatsApp Cloud API", "Acme SMS"]);
  await sortBy("Name");
  expect(names()).toEqual(["Acme SMS", "Twilio SMS", "WhatsApp Cloud API"]);
});

test("the filter for own files says how to get one, to people who may add it", async () => {
  const builtIn = () => ({ providers: lines.filter((each) => each.built_in), faults: [], waiting: [], folder: "" });
  open("/providers?origin=own", { "Provider.List": builtIn });
  await screen.findByText("No providers of your own yet.");
  expect(screen.getAllByRole("button", { name: "Add a provider" })).toHaveLength(2);
});

test("files that could not be read are listed above the list with file, line, reason and what to do", async () => {
  let fixed = false;
  const go = open("/providers", {
    "Provider.List": () => ({
      providers: lines,
      faults: fixed
        ? []
        : [
            { file: "broken.yaml", line: 7, reason: "The channel fax is not one of sms, whatsapp_business, email." },
            { file: "stolen.yaml", line: 0, reason: "The id twilio-sms belongs to a built-in provider." },
          ],
      folder: "/home/asha/keydesk/providers",
    }),
  });
  const note = await screen.findByRole("alert");
  expect(note.textContent).toContain("2 files could not be read.");
  expect(
    within(within(note).getByRole("list", { name: "Faults of broken.yaml" })).getByRole("listitem").textContent,
  ).toBe("Line 7The channel fax is not one of sms, whatsapp_business, email.");
  expect(note.textContent).toContain("/home/asha/keydesk/providers");
  expect(names()).toHaveLength(3);
  fixed = true;
  await press("Look again");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(go.inputs("Provider.List")).toHaveLength(2);
});

test("a good file of the folder is announced for the next start", async () => {
  open("/providers", {
    "Provider.List": () => ({ providers: lines, faults: [], waiting: ["acme.yaml", "beta.yaml"], folder: "" }),
  });
  await screen.findByText(/^acme\.yaml, beta\.yaml/);
  expect(screen.getByText(/are loaded the next time Keydesk starts/)).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a list that cannot be read says so and is read again", async () => {
  const go = open("/providers", {
    "Provider.List": () => {
      throw faultLine("unavailable", "store.locked", "The data is busy.", { hint: "Wait a moment." });
    },
  });
  await screen.findByText("The data is busy.");
  go.answer("Provider.List", () => ({ providers: lines, faults: [], waiting: [], folder: "" }));
  await press("Retry");
  await screen.findByText("3 providers");
});

test("with the keyboard a provider opens next to the list: help, page, fields, check, simulator, hosts", async () => {
  open();
  await screen.findByText("3 providers");
  screen.getByRole("grid").focus();
  await user.keyboard("{Enter}");
  const drawer = await screen.findByRole("dialog", { name: "Acme SMS" });
  expect(window.location.hash).toBe("#/providers/acme-sms");
  await within(drawer).findByText("Sends through Acme.");
  expect(within(drawer).getByRole("link", { name: "Open the provider's page" }).getAttribute("href")).toBe(
    "https://acme.example/docs",
  );
  expect(within(drawer).queryByRole("link", { name: "See delivery at the provider" })).toBeNull();
  const table = within(drawer).getByRole("table", { name: "Fields" });
  expect(within(table).getByRole("row", { name: /API key/ }).textContent).toBe(
    "API keyAccountSecretYesOn the page Keys.",
  );
  expect(within(table).getByRole("row", { name: /^To/ }).textContent).toBe("ToMessageYesLooks like +919812345678");
  expect(within(table).getByRole("row", { name: /Entity id/ }).textContent).toContain("In India");
  expect(within(table).getByRole("row", { name: /^Text/ }).textContent).toBe("TextMessageWhen To is SMS or later");
  const check = within(drawer).getByRole("region", { name: "Check this credential" });
  expect(check.textContent).toContain("It cannot be checked");
  const plays = within(drawer).getByRole("region", { name: "The simulator can play" });
  expect(within(plays).getByText("Accepted").textContent).toBe("Accepted");
  expect(within(plays).getByText(/No balance/).textContent).toContain("a bare status");
  expect(drawer.textContent).toContain("{{region}}.acme.example");
  expect(drawer.textContent).toContain("shown as unclear, never as accepted");
  expect(within(drawer).getByRole("link", { name: "2 setups" }).getAttribute("href")).toBe(
    "#/setups?search=Acme%20SMS",
  );
  expect(await axeFindings()).toEqual([]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(window.location.hash).toBe("#/providers");
});

test("a provider that the form read a moment ago is counted again when it is opened here", async () => {
  let setups = 0;
  fakeGo({
    "Provider.List": () => ({ providers: lines, faults: [], waiting: [], folder: "" }),
    "Provider.Get": () => ({ ...form, setups }),
  });
  const client = makeClient();
  // As the form of a setup reads it, without watching setups.
  await client.fetchQuery(read(provider.Get, { id: "acme-sms" }));
  setups = 1;
  renderInShell(<Providers />, { at: "/providers/acme-sms", session: signedIn(all), client });
  await screen.findByRole("link", { name: "1 setup" });
});

test("its file is saved as it is", async () => {
  const go = open("/providers/acme-sms", {
    "Provider.Export": () => ({ name: "acme-sms.yaml", text: "format: 1\n" }),
    "Window.SaveText": () => ({ saved: true, path: "/tmp/acme-sms.yaml" }),
  });
  await screen.findByText("Sends through Acme.");
  await press("Save file");
  await screen.findByText("Saved as /tmp/acme-sms.yaml");
  expect(go.inputs("Window.SaveText")).toEqual([
    { title: "Save the provider's file", file_name: "acme-sms.yaml", text: "format: 1\n" },
  ]);
});

test("a person's own provider is removed after a question that says what follows; Keep removes nothing", async () => {
  const go = open("/providers/acme-sms", { "Provider.Delete": () => ({ id: "acme-sms" }) });
  await screen.findByText("Sends through Acme.");
  await press("Remove");
  const question = await screen.findByRole("dialog", { name: "Remove the provider “Acme SMS”?" });
  expect(question.textContent).toContain("2 setups use it. They keep their request");
  expect(question.textContent).toContain("by their own rule or by the status alone");
  expect(afterRemoval(1)).toMatch(/^1 setup uses it\. It keeps its request and is judged by its own rule/);
  expect(afterRemoval(0)).toMatch(/^No setup uses it\. Save/);
  await user.click(within(question).getByRole("button", { name: "Keep" }));
  expect(go.inputs("Provider.Delete")).toEqual([]);
  await press("Remove");
  await user.click(
    within(await screen.findByRole("dialog", { name: /Remove the provider/ })).getByRole("button", { name: "Remove" }),
  );
  await screen.findByText("Removed “Acme SMS”.");
  expect(go.inputs("Provider.Delete")).toEqual([{ id: "acme-sms" }]);
  await waitFor(() => expect(window.location.hash).toBe("#/providers"));
});

test("Delete on a row asks about a person's own provider and does nothing on a built-in one", async () => {
  const go = open();
  await screen.findByText("3 providers");
  screen.getByRole("grid").focus();
  await user.keyboard("{ArrowDown}{Delete}");
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("{ArrowUp}{Delete}");
  await screen.findByRole("dialog", { name: "Remove the provider “Acme SMS”?" });
  expect(go.inputs("Provider.Delete")).toEqual([]);
});

test("a pasted file is shown before it is added: what it is, and where keys will be sent", async () => {
  const go = open("/providers", { "Provider.PreviewImport": () => good, "Provider.Import": () => good.provider });
  await screen.findByText("3 providers");
  await press("Add a provider");
  await paste("format: 1");
  const dialog = await screen.findByRole("dialog", { name: "Add a provider" });
  await within(dialog).findByText("5, replaces version 4");
  const hosts = within(within(dialog).getByRole("list", { name: "Hosts" })).getAllByRole("listitem");
  expect(hosts.map((host) => host.textContent)).toEqual([
    "{{region}}.acme.example",
    "http://plain.example (not encrypted on its way)",
  ]);
  expect(dialog.textContent).toContain("Keys typed for this provider are sent to:");
  expect(dialog.textContent).toContain("2 setups use it.");
  expect(go.inputs("Provider.Import")).toEqual([]);
  expect(await axeFindings()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Replace" }));
  await screen.findByText("Added “Acme SMS”.");
  expect(go.inputs("Provider.Import")).toEqual([{ name: "", text: "format: 1" }]);
  await waitFor(() => expect(window.location.hash).toBe("#/providers/acme-sms"));
});

test("a chosen file with faults names line and reason and cannot be added; Back shows its text again to fix it", async () => {
  const go = open("/providers", {
    "Window.ReadText": () => ({ chosen: true, name: "bad.yaml", text: "format: 9" }),
    "Provider.PreviewImport": () => ({
      provider: null,
      faults: [{ file: "bad.yaml", line: 1, reason: "The format must be 1; this program reads no other." }],
      replaces: 0,
      hosts: [],
    }),
  });
  await screen.findByText("3 providers");
  await press("Add a provider");
  await press("Choose file");
  await screen.findByText(/bad.yaml cannot be used yet/);
  expect(go.inputs("Window.ReadText")).toEqual([{ title: "Choose a provider file", pattern: "*.yaml;*.yml" }]);
  expect(go.inputs("Provider.PreviewImport")).toEqual([{ name: "bad.yaml", text: "format: 9" }]);
  expect(within(screen.getByRole("list", { name: "What is wrong" })).getByRole("listitem").textContent).toBe(
    "Line 1The format must be 1; this program reads no other.",
  );
  expect(screen.queryByRole("button", { name: "Add" })).toBeNull();
  await press("Back");
  expect((screen.getByLabelText("Or paste its text here") as HTMLTextAreaElement).value).toBe("format: 9");
});

test("a closed file dialog leaves everything as it was, and a refused import stays visible", async () => {
  const go = open("/providers", {
    "Window.ReadText": () => ({ chosen: false, name: "", text: "" }),
    "Provider.PreviewImport": () => ({ ...good, replaces: 0 }),
    "Provider.Import": () => {
      throw faultLine("unavailable", "provider.not_written", "The file could not be written to the data folder.");
    },
  });
  await screen.findByText("3 providers");
  await press("Add a provider");
  await press("Choose file");
  expect(go.inputs("Provider.PreviewImport")).toEqual([]);
  await paste("format: 1");
  await screen.findByText("5, new here");
  await press("Add");
  await screen.findByText("The file could not be written to the data folder.");
  expect(screen.getByRole("dialog", { name: "Add a provider" })).toBeTruthy();
});

test("replacing with a file of another id says that it adds one instead", async () => {
  open("/providers/acme-sms", {
    "Provider.PreviewImport": () => ({ ...good, provider: line("other-sms", "Other"), replaces: 0 }),
  });
  await screen.findByText("Sends through Acme.");
  await press("Replace");
  await paste("format: 1");
  expect((await screen.findByText(/This file has another id/)).textContent).toContain("needs the id acme-sms");
  expect(screen.getByRole("button", { name: "Add" })).toBeTruthy();
});

test("How to write one shows an example that explains itself, and saves it", async () => {
  const go = open("/providers", {
    "Provider.Example": () => ({ name: "provider-example.yaml", text: "# The provider file\nformat: 1\n" }),
    "Window.SaveText": () => ({ saved: false, path: "" }),
  });
  await screen.findByText("3 providers");
  await press("How to write one");
  await user.click(await screen.findByRole("button", { name: "Save example" }));
  expect(go.inputs("Window.SaveText")).toEqual([
    { title: "Save the example", file_name: "provider-example.yaml", text: "# The provider file\nformat: 1\n" },
  ]);
  expect(screen.queryByText(/Saved as/)).toBeNull();
});

test("a person who may only see setups reads the list; nothing adds, replaces, removes or saves", async () => {
  open("/providers/acme-sms", {}, viewer);
  await screen.findByText("Sends through Acme.");
  for (const name of ["Add a provider", "How to write one", "Replace", "Remove", "Save file"]) {
    expect(screen.queryByRole("button", { name, hidden: true }), name).toBeNull();
  }
  const entry = entries.find((each) => each.path === "/providers");
  expect(entry?.group).toBe("Settings");
  expect([entry?.needs].flat()).toContain("setup.view");
});

test("a built-in one is saved but never replaced or removed", async () => {
  open("/providers/twilio-sms", {
    "Provider.Get": () => ({ ...form, provider: { ...form.provider, built_in: true } }),
  });
  await screen.findByText("Sends through Acme.");
  expect(screen.getByRole("button", { name: "Save file" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Replace" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Remove" })).toBeNull();
});
