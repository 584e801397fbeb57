import { configure, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { faultLine, lateAnswer } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { fill, user } from "../../testing/user";
import { type Draft, noSource, type Source } from "./draft";
import { choicesOf, choose, everyRight, fakeOffice, open, preview, savedSetup, section, selector } from "./testing/kit";

// Checking whether each node is hidden takes most of the time in a form of this size.
configure({ defaultHidden: true });

const created = (go: ReturnType<typeof fakeOffice>) =>
  go.inputs("Setup.Create").at(-1) as { draft: Draft; stage_ids: string[]; copy_of: Source };
const updated = (go: ReturnType<typeof fakeOffice>) =>
  go.inputs("Setup.Update").at(-1) as { id: string; version: number; draft: Draft };
const ready = () => waitFor(() => selector("Process"));
const button = (name: string) => screen.getByRole("button", { name });

test("A19 to A44: sections and labels are those of UI.md (Form of a setup), in that order", async () => {
  fakeOffice();
  open("/setups/new");
  await ready();
  expect(screen.getAllByRole("heading", { level: 2 }).map((each) => each.textContent)).toEqual([
    "Process Configuration",
    "Communication Settings",
    "Authentication Configuration",
    "API Configuration",
    "Additional Header List",
    "Custom Parameter List",
    "Stage Parameter List",
    "What counts as accepted",
    "Options",
  ]);
  const place = section("Process Configuration").getAllByRole("combobox");
  expect(place.map((each) => (each as HTMLInputElement).labels?.[0]?.textContent?.replace(" *", ""))).toEqual([
    "Process",
    "Sub Process",
    "Sub Sub Process",
    "Stages",
  ]);
  const channels = section("Communication Settings").getAllByRole("radio");
  expect(channels.map((each) => (each as HTMLInputElement).labels?.[0]?.textContent)).toEqual([
    "SMS",
    "WhatsApp Business",
    "Email",
  ]);
  for (const [title, labels] of [
    ["Additional Header List", ["Header Name", "Header Value"]],
    ["Custom Parameter List", ["Field Name", "Field Value"]],
    ["Stage Parameter List", ["Variable Name", "Stage Field Name", "Default Value"]],
  ] as const) {
    const rows = section(title);
    for (const label of labels) rows.getByText(label);
    rows.getByRole("button", { name: "Add Row" });
  }
  const api = section("API Configuration");
  for (const label of ["Method Type", "API URL", "Body format"]) api.getByText(label);
  button("Create");
  button("Cancel");
  expect(await axeFindings()).toEqual([]);
});

test("A26 A36: the five auth types and GET, POST, PUT, DELETE first", async () => {
  fakeOffice();
  open("/setups/new");
  await ready();
  const options = async (label: string) =>
    (await choicesOf(selector(label))).getAllByRole("option").map((each) => each.textContent);
  expect(await options("Auth Type")).toEqual(["NoAuth", "API Key", "Bearer Token", "Basic Auth", "OAuth 2.0"]);
  expect(await options("Method Type")).toEqual(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]);
});

test("A20 to A24: each selector is limited by the one above, and a change above empties those below", async () => {
  fakeOffice();
  open("/setups/new");
  await ready();
  await choose("Process", "Orders");
  await choose("Sub Process", "Delivery");
  await choose("Sub Sub Process", "Home delivery");
  const stages = (await choicesOf(selector("Stages"))).getAllByRole("option");
  expect(stages.map((each) => each.textContent)).toEqual(["Every stage here", "Placed", "Shipped", "New stage …"]);
  await user.click(stages[2] as HTMLElement);
  expect(selector("Stages").value).toBe("Shipped");

  await choose("Process", "Invoices");
  expect(selector("Sub Process").value).toBe("");
  expect(selector("Sub Process").placeholder).toBe("none here");
  expect(selector("Sub Sub Process").value).toBe("");
  expect(selector("Stages").value).toBe("Every stage here");
  expect((await choicesOf(selector("Stages"))).queryByRole("option", { name: "Shipped" })).toBeNull();
});

test("A48 A27: what is filled in is what Create sends, and the list follows", async () => {
  const go = fakeOffice();
  open("/setups/new");
  await ready();
  await choose("Process", "Orders");
  await choose("Sub Process", "Delivery");
  await choose("Sub Sub Process", "Home delivery");
  await choose("Stages", "Shipped");
  await user.click(screen.getByRole("radio", { name: "WhatsApp Business" }));
  await choose("Auth Type", "API Key");
  fill(screen.getByRole("textbox", { name: "Key" }), "X-Api-Key");
  fill(screen.getByLabelText(/^Value/), "top secret");
  await choose("Add to", "Query Params");
  await choose("Method Type", "PUT");
  fill(screen.getByRole("textbox", { name: "API URL" }), "https://api.example.test/x");
  const headers = section("Additional Header List");
  await user.click(headers.getByRole("button", { name: "Add Row" }));
  fill(headers.getByLabelText("Header Name, row 1"), "X-One");
  await user.type(headers.getByLabelText("Header Value, row 1"), "1");
  // An empty row is not part of what is saved.
  await user.click(headers.getByRole("button", { name: "Add Row" }));
  const stageRows = section("Stage Parameter List");
  await user.click(stageRows.getByRole("button", { name: "Add Row" }));
  await user.type(stageRows.getByLabelText("Variable Name, row 1"), "to");
  const field = stageRows.getByRole("combobox", { name: "Stage Field Name, row 1" });
  await user.click((await choicesOf(field)).getByRole("option", { name: "Mobile" }));
  fill(stageRows.getByLabelText("Default Value, row 1"), "none");
  await user.click(button("Create"));
  await waitFor(() => expect(location.hash).toBe("#/setups"));
  const { draft, stage_ids, copy_of } = created(go);
  expect({ stage_ids, copy_of }).toEqual({ stage_ids: [], copy_of: noSource });
  expect(draft).toMatchObject({
    place_id: "home",
    stage_id: "shipped",
    channel: "whatsapp_business",
    request: {
      method: "PUT",
      url: "https://api.example.test/x",
      auth: {
        type: "api_key",
        key_name: "X-Api-Key",
        key_value: { secret: true, typed: "top secret", plain: "", stored: false },
        add_to: "query",
      },
      stage_params: [{ variable: "to", field: "Mobile", default: "none" }],
    },
  });
  expect(draft.request.headers.map((each) => each.name)).toEqual(["X-One"]);
  // It was always secret: it is not in the preview's cache, the address or the page.
  expect(document.body.textContent).not.toContain("top secret");
  // The whole form, filled in: long where the cores are shared.
}, 120_000);

test("Apply to these stages makes one setup for each ticked stage", async () => {
  const go = fakeOffice();
  open("/setups/new");
  await ready();
  await choose("Process", "Orders");
  await choose("Sub Process", "Delivery");
  await choose("Sub Sub Process", "Home delivery");
  await choose("Apply to these stages", "Placed");
  await choose("Apply to these stages", "Shipped");
  await user.click(button("Create"));
  await waitFor(() => expect(created(go)?.stage_ids).toEqual(["placed", "shipped"]));
});

test("A34: another auth type starts empty, and nothing of the previous one is sent", async () => {
  const go = fakeOffice();
  open("/setups/new");
  await ready();
  await choose("Auth Type", "Basic Auth");
  fill(screen.getByRole("textbox", { name: "Username" }), "asha");
  fill(screen.getByLabelText("Password"), "leaky");
  await choose("Auth Type", "OAuth 2.0");
  expect(screen.queryByRole("textbox", { name: "Username" })).toBeNull();
  expect((screen.getByRole("textbox", { name: "Header Prefix" }) as HTMLInputElement).value).toBe("Bearer");
  expect(screen.queryByRole("textbox", { name: "Token URL" })).toBeNull();
  await user.click(screen.getByRole("switch", { name: "Fetch the token automatically" }));
  for (const name of ["Token URL", "Client ID", "Scopes"]) screen.getByRole("textbox", { name });
  expect((screen.getByRole("combobox", { name: "Client ID and secret" }) as HTMLInputElement).value).toBe("Automatic");
  await choose("Client ID and secret", "Header, as they are");
  await user.click(button("Create"));
  await waitFor(() => expect(created(go)).toBeTruthy());
  expect(JSON.stringify(created(go))).not.toMatch(/asha|leaky/);
  expect(created(go).draft.request.auth).toMatchObject({
    type: "oauth2",
    header_prefix: "Bearer",
    fetch_token: true,
    client_in: "header_plain",
  });
});

test("A55 A56: an untouched secret stays as stored and is never shown; typing replaces it", async () => {
  const go = fakeOffice();
  open("/setups/s1");
  await ready();
  expect((screen.getByLabelText("Password") as HTMLInputElement).value).toContain("stored");
  await user.type(screen.getByRole("textbox", { name: "Username" }), "X");
  await user.click(button("Update"));
  await waitFor(() => expect(location.hash).toBe("#/setups"));
  expect(updated(go)).toMatchObject({
    id: "s1",
    version: 3,
    draft: { request: { auth: { username: "AC0123X", password: { secret: true, stored: true, typed: "" } } } },
  });
});

test("A56: Replace, left blank, keeps what is stored", async () => {
  const go = fakeOffice();
  open("/setups/s1");
  await ready();
  await user.click(button("Replace Password"));
  await user.type(screen.getByLabelText("Password"), "x{Backspace}");
  await user.type(screen.getByRole("textbox", { name: "Username" }), "X");
  await user.click(button("Update"));
  await waitFor(() =>
    expect(updated(go).draft.request.auth.password).toEqual({ plain: "", secret: true, stored: true, typed: "" }),
  );
});

test("A48 A49: Cancel with changes asks; Stay keeps the entries, Leave saves nothing", async () => {
  const go = fakeOffice();
  open("/setups/new");
  await ready();
  fill(screen.getByRole("textbox", { name: "API URL" }), "https://a.test");
  await user.click(button("Cancel"));
  await user.click(await screen.findByRole("button", { name: "Stay" }));
  expect((screen.getByRole("textbox", { name: "API URL" }) as HTMLInputElement).value).toBe("https://a.test");
  await user.click(button("Cancel"));
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  await waitFor(() => expect(location.hash).toBe("#/setups"));
  expect(go.inputs("Setup.Create")).toEqual([]);
});

test("A48: Cancel without changes leaves at once, and so does Escape", async () => {
  fakeOffice();
  open("/setups/s1");
  await ready();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(location.hash).toBe("#/setups"));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("A49: messages are shown at their fields, their sections are marked, the focus goes to the first", async () => {
  fakeOffice({
    "Setup.Create": () => {
      throw faultLine("invalid", "setup.invalid", "2 fields.", {
        fields: [
          { name: "draft.request.headers[0].value", message: "No line break here." },
          { name: "draft.options.timeout_seconds", message: "At most 300." },
        ],
      });
    },
  });
  open("/setups/new");
  await ready();
  const headers = section("Additional Header List");
  await user.click(headers.getByRole("button", { name: "Add Row" }));
  await user.type(headers.getByLabelText("Header Name, row 1"), "X");
  await user.click(button("Create"));
  await headers.findByText("No line break here.");
  expect(document.activeElement).toBe(headers.getByLabelText("Header Value, row 1"));
  const marked = screen.getAllByText("needs a change").map((each) => each.closest("button")?.textContent);
  expect(marked).toEqual(["5Additional Header Listneeds a change", "9Optionsneeds a change"]);
  // A closed section with a message opens.
  expect(section("Options").getByText("At most 300.").closest("[hidden]")).toBeNull();
  screen.getByText("Not saved: 2 fields need a change.");
  // A change of the field removes its message, and only that one.
  await user.type(headers.getByLabelText("Header Value, row 1"), "y");
  expect(headers.queryByText("No line break here.")).toBeNull();
  screen.getByText("Not saved: 1 field needs a change.");
});

// A44, A46
test("a Default Value that does not fit its stage field says so there, and stays as it was typed", async () => {
  const lost = "Digits were lost: a spreadsheet shortened this to 9.19877E+11. Type the whole number.";
  fakeOffice({
    "Setup.Create": () => {
      throw faultLine("invalid", "setup.invalid", lost, {
        fields: [{ name: "draft.request.stage_params[0].default", message: lost }],
      });
    },
  });
  open("/setups/new");
  await ready();
  const rows = section("Stage Parameter List");
  await user.click(rows.getByRole("button", { name: "Add Row" }));
  await user.type(rows.getByLabelText("Default Value, row 1"), "9.19877E+11");
  await user.click(button("Create"));
  await rows.findByText(lost);
  const field = rows.getByLabelText<HTMLInputElement>("Default Value, row 1");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(field.value).toBe("9.19877E+11");
  expect(document.activeElement).toBe(field);
});

test("a changed address asks for the stored secret at its field (setup.retype)", async () => {
  fakeOffice({
    "Setup.Update": () => {
      throw faultLine("invalid", "setup.retype", "Type it again.", {
        fields: [{ name: "draft.request.auth.password", message: "The address changed. Type this value again." }],
      });
    },
  });
  open("/setups/s1");
  await ready();
  await user.type(screen.getByRole("textbox", { name: "API URL" }), "x");
  await user.click(button("Update"));
  await section("Authentication Configuration").findByText("The address changed. Type this value again.");
});

test("A05: a refusal because of a taken place links to the setup that has it", async () => {
  fakeOffice({
    "Setup.Create": () => {
      throw faultLine("conflict", "setup.taken", "There is already an enabled setup.", {
        fields: [{ name: "draft.stage_id", message: "Taken." }],
        links: [{ kind: "setup", id: "s9", name: "The first" }],
      });
    },
  });
  open("/setups/new");
  await ready();
  await user.click(button("Create"));
  await section("Process Configuration").findByText("Taken.");
  expect(screen.getByRole("link", { name: "Open “The first”" }).getAttribute("href")).toBe("#/setups/s9");
});

test("a stale save keeps the entries; Reload brings the other change", async () => {
  const go = fakeOffice({
    "Setup.Update": () => {
      throw faultLine("conflict", "setup.stale", "Someone else changed this setup.", { hint: "Reload." });
    },
  });
  open("/setups/s1");
  await ready();
  const url = () => screen.getByRole("textbox", { name: "API URL" }) as HTMLInputElement;
  await user.type(url(), "/mine");
  await user.click(button("Update"));
  await screen.findByText(/Someone else changed this setup/);
  expect(url().value).toBe("https://api.example.test/send/mine");
  go.answer("Setup.Get", () => {
    const other = savedSetup({}, { version: 4 });
    other.draft.request.url = "https://api.example.test/theirs";
    return other;
  });
  await user.click(button("Reload"));
  await waitFor(() => expect(url().value).toBe("https://api.example.test/theirs"));
  go.answer("Setup.Update", () => savedSetup());
  await user.type(url(), "2");
  await user.click(button("Update"));
  await waitFor(() => expect(updated(go).version).toBe(4));
});

test("switching the TLS check off asks, is red, needs the password, and is then saved", async () => {
  let confirmed = false;
  const go = fakeOffice({
    "Setup.Update": (input: { draft: Draft }) => {
      if (!confirmed) throw faultLine("forbidden", "access.password_needed", "Enter your password once more.");
      return savedSetup(input.draft);
    },
    "User.ConfirmPassword": () => {
      confirmed = true;
      return {};
    },
  });
  open("/setups/s1");
  await ready();
  await user.click(button("Options"));
  await user.click(screen.getByRole("switch", { name: "TLS check" }));
  await user.click(await screen.findByRole("button", { name: "Switch it off" }));
  await screen.findByText("TLS check off");
  await user.click(screen.getByRole("button", { name: "Update" }));
  const question = () => screen.findByRole("dialog", { name: "Your password" });
  await user.click(within(await question()).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  // Cancelled: nothing was sent again, and no fault is shown.
  expect(go.inputs("Setup.Update")).toHaveLength(1);
  expect(screen.queryByText("Enter your password once more.")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Update" }));
  const dialog = await question();
  fill(within(dialog).getByLabelText("Password"), "hunter2");
  await user.click(within(dialog).getByRole("button", { name: "Continue" }));
  await waitFor(() => expect(location.hash).toBe("#/setups"));
  expect(go.inputs("User.ConfirmPassword")).toEqual([{ password: "hunter2" }]);
  expect(updated(go).draft.options.skip_tls_check).toBe(true);
});

test("the limit of live messages is a whole number or nothing, and its message is at the field", async () => {
  let refuse = true;
  const go = fakeOffice({
    "Setup.Update": (input: { draft: Draft }) => {
      if (refuse) {
        throw faultLine("invalid", "setup.invalid", "1 field.", {
          fields: [{ name: "draft.options.live_per_day", message: "Enter a whole number from 1 to 100,000." }],
        });
      }
      return savedSetup(input.draft);
    },
  });
  open("/setups/s1");
  await ready();
  await user.click(button("Options"));
  const limit = screen.getByLabelText<HTMLInputElement>("Live messages a day, at most");
  expect([limit.value, limit.placeholder]).toEqual(["", "1,000"]);
  // Nothing of what is typed is changed to fit: Go says what is wrong with it.
  await user.type(limit, "0");
  expect(limit.value).toBe("0");
  await user.click(screen.getByRole("button", { name: "Update" }));
  await screen.findByText("Enter a whole number from 1 to 100,000.");
  expect(updated(go).draft.options.live_per_day).toBe(0);
  refuse = false;
  await user.clear(limit);
  await user.type(limit, "-2.500");
  expect(limit.value).toBe("2,500");
  expect(screen.queryByText("Enter a whole number from 1 to 100,000.")).toBeNull();
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(updated(go).draft.options.live_per_day).toBe(2500));
  // The closed section says it, and empty is the usual limit again.
  await user.click(button("Options"));
  await screen.findByText(/2,500 live messages a day/);
  await user.click(button("Options"));
  await user.clear(limit);
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(updated(go).draft.options.live_per_day).toBeUndefined());
});

test("a copy has the limit of the setup it is made from", async () => {
  const options = { timeout_seconds: 30, redirects: 0, skip_tls_check: false, live_per_day: 25 };
  const go = fakeOffice({ "Setup.Get": () => savedSetup({ options }) });
  open("/setups/new?copy=s1");
  await ready();
  await user.click(button("Options"));
  expect(screen.getByLabelText<HTMLInputElement>("Live messages a day, at most").value).toBe("25");
  await user.click(button("Create"));
  await waitFor(() => expect(go.inputs("Setup.Create")).toMatchObject([{ draft: { options: { live_per_day: 25 } } }]));
});

test("without Can Manage Settings the TLS check is not offered", async () => {
  fakeOffice();
  open(
    "/setups/s1",
    everyRight.filter((each) => each !== "settings.manage"),
  );
  await ready();
  await user.click(button("Options"));
  expect(screen.queryByRole("switch", { name: "TLS check" })).toBeNull();
});

test("A17: with Can View alone the form is read-only and says so", async () => {
  fakeOffice();
  open("/setups/s1", ["setup.view"]);
  await screen.findByRole("heading", { level: 1, name: "View API Key Setup" });
  await ready();
  for (const name of ["Update", "Create", "Cancel", "Add Row", "Replace Password", "Test"]) {
    expect(screen.queryByRole("button", { name })).toBeNull();
  }
  for (const input of screen.getAllByRole("textbox")) expect((input as HTMLInputElement).readOnly).toBe(true);
  for (const input of screen.getAllByRole("combobox")) expect((input as HTMLInputElement).readOnly).toBe(true);
  expect(await axeFindings()).toEqual([]);
});

test("Duplicate starts from the other's entries and keeps its stored secrets", async () => {
  const go = fakeOffice({ "Setup.Get": () => savedSetup({ name: "First" }) });
  open("/setups/new?copy=s1");
  await ready();
  await user.click(button("Create"));
  await waitFor(() =>
    expect(created(go)).toMatchObject({
      copy_of: { setup_id: "s1", paste_id: "" },
      draft: { name: "First (copy)", request: { auth: { password: { stored: true, typed: "" } } } },
    }),
  );
});

test("A13: with no process the form says so and makes one in place", async () => {
  const places: object[] = [];
  const go = fakeOffice({
    "Process.Tree": () => ({ places, stages: [] }),
    "Process.CreatePlace": ({ name }: { name: string }) => {
      places.push({ id: "new", parent_id: "", level: 1, name, code: "x", version: 1, setups: 0 });
      return places[0];
    },
  });
  open("/setups/new");
  await screen.findByText(/There is no process yet/);
  await user.click(button("New process"));
  const dialog = await screen.findByRole("dialog", { name: "New process" });
  // HTML has no form inside a form, and what is submitted in the dialog must not reach the setup's form.
  expect(dialog.parentElement?.closest("form")).toBeNull();
  await user.type(within(dialog).getByLabelText("Name"), "Orders{Enter}");
  await waitFor(() => expect(selector("Process").value).toBe("Orders"));
  expect(go.inputs("Process.CreatePlace")).toEqual([{ parent_id: "", name: "Orders" }]);
});

test("A13: who may not make a process is told who can", async () => {
  fakeOffice({ "Process.Tree": () => ({ places: [], stages: [] }) });
  open(
    "/setups/new",
    everyRight.filter((each) => each !== "process.create"),
  );
  await screen.findByText(/Someone with Can Create Processes can add one/);
  expect(screen.queryByRole("button", { name: "New process" })).toBeNull();
});

test("R2: typing {{ offers the stage's fields; taking one adds its Stage Parameter row", async () => {
  const go = fakeOffice();
  open("/setups/s1");
  await ready();
  const params = section("Custom Parameter List");
  await user.click(params.getByRole("button", { name: "Add Row" }));
  const value = () => params.getByRole("textbox", { name: "Field Value, row 1" }) as HTMLInputElement;
  // The fields come with the preview.
  await waitFor(() => expect(go.inputs("Setup.Preview").length).toBeGreaterThan(0));
  await user.type(value(), "Dear {{{{cust");
  await user.click(await screen.findByRole("option", { name: /Customer name/ }));
  expect(value().value).toBe("Dear {{Customer_name}}");
  const rows = section("Stage Parameter List");
  expect((rows.getByLabelText("Variable Name, row 1") as HTMLInputElement).value).toBe("Customer_name");
  expect((rows.getByRole("combobox", { name: "Stage Field Name, row 1" }) as HTMLInputElement).value).toBe(
    "Customer name",
  );
});

test("A39 A42 A45: rows are added and deleted; a deleted one is not sent", async () => {
  const go = fakeOffice();
  open("/setups/new");
  await ready();
  for (const [title, name] of [
    ["Additional Header List", "Header Name"],
    ["Custom Parameter List", "Field Name"],
    ["Stage Parameter List", "Variable Name"],
  ] as const) {
    const rows = section(title);
    await user.click(rows.getByRole("button", { name: "Add Row" }));
    fill(rows.getByLabelText(`${name}, row 1`), "gone");
    await user.click(rows.getByRole("button", { name: "Add Row" }));
    fill(rows.getByLabelText(`${name}, row 2`), "kept");
    await user.click(rows.getByRole("button", { name: "Delete row 1" }));
  }
  await user.click(button("Create"));
  await waitFor(() => expect(created(go)).toBeTruthy());
  const { headers, params, stage_params } = created(go).draft.request;
  expect([headers.map((each) => each.name), params.map((each) => each.name)]).toEqual([["kept"], ["kept"]]);
  expect(stage_params.map((each) => each.variable)).toEqual(["kept"]);
});

test("the live request shows origins and missing names, and asks with the draft", async () => {
  const go = fakeOffice({
    "Setup.Preview": () => ({
      ...preview,
      preview: { ...preview.preview, missing: ["nope"], notes: ["It goes to the query."] },
    }),
  });
  open("/setups/s1");
  await ready();
  await user.click(screen.getByRole("radio", { name: "Request" }));
  const pane = await screen.findByRole("complementary", { name: "Request" });
  await within(pane).findByText("https://api.example.test/send");
  within(pane).getByText("Authentication");
  within(pane).getByText(/Without a value: nope/);
  within(pane).getByText("It goes to the query.");
  within(pane).getByText("120 bytes in all, body 0 bytes");
  expect(go.inputs("Setup.Preview").at(-1)).toMatchObject({
    source: { setup_id: "s1", paste_id: "" },
    draft: { place_id: "home" },
  });
});

test("Ctrl+S saves and stays: the next save names the new version", async () => {
  const go = fakeOffice();
  open("/setups/s1");
  await ready();
  await user.type(screen.getByRole("textbox", { name: "API URL" }), "1");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Setup.Update").length).toBe(1));
  await screen.findByText(/Updated/);
  expect(location.hash).toBe("#/setups/s1");
  await user.type(screen.getByRole("textbox", { name: "API URL" }), "2");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(updated(go).version).toBe(4));
});

test("S2: what is typed while a save is on its way stays, with its field; the next save has it", async () => {
  const late = lateAnswer();
  const go = fakeOffice({
    "Setup.Update": late.answer((input: { draft: Draft; version: number }) =>
      savedSetup({ ...input.draft, name: "as Go keeps it" }, { version: input.version + 1 }),
    ),
  });
  open("/setups/s1");
  await ready();
  const url = screen.getByRole("textbox", { name: "API URL" });
  await user.type(url, "/one");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Setup.Update").length).toBe(1));
  await user.type(url, "/two");
  late.arrive();
  await screen.findByText(/What you typed meanwhile is not saved yet/);
  expect((url as HTMLInputElement).value).toMatch(/\/one\/two$/);
  expect(document.activeElement).toBe(url);
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Setup.Update").length).toBe(2));
  expect(updated(go).version).toBe(4);
  expect(updated(go).draft.request.url).toMatch(/\/one\/two$/);
  expect(updated(go).draft.name).toBe("as Go keeps it");
  late.arrive();
});

test("S2: Ctrl+S in a new setup goes on in the same form, which now changes what was made", async () => {
  const late = lateAnswer();
  const go = fakeOffice({
    "Setup.Create": late.answer((input: { draft: Draft }) => ({ setups: [savedSetup(input.draft)] })),
  });
  open("/setups/new");
  await ready();
  const url = screen.getByRole("textbox", { name: "API URL" });
  await user.type(url, "https://a.test/1");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Setup.Create").length).toBe(1));
  await user.type(url, "2");
  late.arrive();
  await screen.findByRole("heading", { name: "Edit API Key Setup" });
  await waitFor(() => expect(location.hash).toBe("#/setups/s1"));
  await user.type(url, "3");
  expect((url as HTMLInputElement).value).toBe("https://a.test/123");
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(go.inputs("Setup.Update").length).toBe(1));
  expect(updated(go)).toMatchObject({ id: "s1", version: 3, draft: { request: { url: "https://a.test/123" } } });
  // Its stored secrets are now those of the setup.
  await waitFor(() => expect(go.inputs("Setup.Preview").at(-1)).toMatchObject({ source: { setup_id: "s1" } }));
});

test("S2: a refusal that comes while a person goes on typing does not move them to another field", async () => {
  const late = lateAnswer();
  fakeOffice({
    "Setup.Update": late.answer(() => {
      throw faultLine("invalid", "setup.invalid", "Some fields need a change.", {
        fields: [{ name: "draft.place_id", message: "Choose a process." }],
      });
    }),
  });
  open("/setups/s1");
  await ready();
  const url = screen.getByRole("textbox", { name: "API URL" });
  await user.type(url, "1");
  await user.keyboard("{Control>}s{/Control}");
  await user.type(url, "2");
  late.arrive();
  await screen.findByText("Choose a process.");
  expect(document.activeElement).toBe(url);
});
