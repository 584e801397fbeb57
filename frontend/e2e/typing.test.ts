/**
 * Nothing typed is ever lost, however late Go answers (UI.md, Forms): in every form, at the pace of a person, with calls
 * that take 2,000, 500, 150 and 50 ms, so that the answers of the slow ones arrive while the person types on.
 */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { choose, named, signOut } from "./office";
import { type Program, photographFailure, startProgram } from "./program";

const delaysMs = [2000, 500, 150, 50];
const paceMs = 60;
const password = "correct-horse-battery-9";

let program: Program;
let page: Page;

/** A form's text, as a person sees it. */
const textOf = (box: Locator) =>
  box.evaluate((element) =>
    element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
      ? element.value
      : (element as HTMLElement).innerText.trim(),
  );

/** Types into each box in turn, again for each delay, and looks whether every letter is there. */
async function typeInto(boxes: Record<string, Locator>, letters = ["a", "b", "c", "d"]): Promise<void> {
  const wanted: Record<string, string> = {};
  for (const [name, box] of Object.entries(boxes)) wanted[name] = await textOf(box);
  for (const [round, ms] of delaysMs.entries()) {
    await program.bridge.delay(ms);
    for (const [name, box] of Object.entries(boxes)) {
      await box.focus();
      await page.keyboard.press("End");
      await page.keyboard.type(letters[round] ?? "", { delay: paceMs });
      wanted[name] = `${wanted[name]}${letters[round]}`;
      expect(await box.evaluate((element) => element === document.activeElement), `the focus is still in ${name}`).toBe(
        true,
      );
    }
  }
  await program.bridge.quiet();
  await program.bridge.delay(0);
  for (const [name, box] of Object.entries(boxes)) expect(await textOf(box), name).toBe(wanted[name]);
}

const go = (path: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, path);
/** Opens an address on a page that was just loaded, so that no form is left with a question. */
async function openAt(path: string): Promise<void> {
  await page.evaluate((to) => history.replaceState(null, "", `#${to}`), path);
  await page.reload();
}
const box = (label: string, within: Page | Locator = page) => within.getByRole("textbox", { name: named(label) });
const section = (name: string) => page.getByRole("region", { name, exact: true });

test("S2: first run, and the first sign-in", async ({ onTestFailed }) => {
  program = await startProgram();
  page = program.page;
  page.setDefaultTimeout(10_000);
  onTestFailed(() => photographFailure(page, "typing-first"));
  try {
    await typeInto({ organisation: page.getByLabel("Organisation") });
    await page.getByRole("button", { name: "Next" }).click();
    await typeInto({
      "user name": page.getByLabel("User name"),
      "full name": page.getByLabel("Full name"),
    });
    // The keyring is tried while the password is typed.
    await program.bridge.delay(500);
    for (const label of ["Password", "Password again"]) {
      await page.getByLabel(label, { exact: true }).focus();
      await page.keyboard.type(password, { delay: 20 });
    }
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("Tried, works.").waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    const shown = page.getByRole("status", { name: "Recovery code" });
    await shown.waitFor();
    await page.getByLabel("Last four characters").focus();
    await page.keyboard.type((await shown.innerText()).trim().slice(-4), { delay: paceMs });
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("button", { name: /^Orders/ }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    await program.bridge.delay(0);
    await signOut(page, "abcd");

    // The refusal of a wrong password arrives while the right one is typed.
    await page.getByLabel("User name").fill("abcd");
    const field = page.getByLabel("Password", { exact: true });
    await field.fill("wrong");
    await program.bridge.delay(500);
    await page.keyboard.press("Enter");
    await field.fill("");
    await page.keyboard.type(password.slice(0, 12), { delay: paceMs });
    await page.getByText(/User name or password is wrong/).waitFor();
    await page.keyboard.type(password.slice(12), { delay: paceMs });
    expect(await field.inputValue()).toBe(password);
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: "Main" }).waitFor();
  } finally {
    await program.stop();
  }
});

describe("in the demo office", () => {
  beforeAll(async () => {
    program = await startProgram({ args: ["--demo"] });
    page = program.page;
    page.setDefaultTimeout(10_000);
    await page.getByRole("navigation", { name: "Main" }).waitFor();
  });
  afterAll(() => program?.stop());

  test("S2: a setup written by hand, and what is typed while it is saved", async ({ onTestFailed }) => {
    onTestFailed(() => photographFailure(page, "typing-setup"));
    await go("/setups/new");
    await choose(page, "Auth Type", "Basic Auth");
    for (const list of ["Additional Header List", "Custom Parameter List", "Stage Parameter List"]) {
      await section(list).getByRole("button", { name: "Add Row" }).click();
    }
    await page.getByRole("button", { name: "What counts as accepted", exact: true }).click();
    await page.getByRole("button", { name: "Add a rule" }).click();
    await page.getByRole("button", { name: "Options", exact: true }).click();
    await choose(page, "Body format", "Raw text");
    await typeInto({
      "API URL": box("API URL"),
      Username: box("Username"),
      Password: page.getByLabel("Password", { exact: true }),
      Body: box("Body", section("API Configuration")),
      "Header Name": box("Header Name, row 1"),
      "Header Value": box("Header Value, row 1"),
      "Field Name": box("Field Name, row 1"),
      "Field Value": box("Field Value, row 1"),
      "Variable Name": box("Variable Name, row 1"),
      "Default Value": box("Default Value, row 1"),
      Status: box("Status"),
      Name: box("Name"),
    });
  });

  test("S2: the fields and tables of providers", async ({ onTestFailed }) => {
    onTestFailed(() => photographFailure(page, "typing-provider"));
    for (const [provider, kind] of [
      [/MSG91 SMS/, ""],
      [/Cloud API/, "template"],
    ] as const) {
      await openAt("/setups/new");
      await page.getByRole("button", { name: "From a provider" }).click();
      await page.getByRole("dialog").getByRole("button", { name: provider }).click();
      if (kind) await choose(page, "Kind of message", kind);
      const message = section("Message");
      await message.getByRole("button", { name: "Add Row" }).click();
      const table = message.getByRole("group").getByRole("textbox");
      // Where it is added, typing begins.
      await expect.poll(() => table.first().evaluate((each) => each === document.activeElement)).toBe(true);
      await page.getByRole("button", { name: "Change: API Configuration" }).click();
      await typeInto({
        "first cell": table.first(),
        ...(kind ? {} : { "last cell": table.last() }),
        To: message.getByRole("textbox", { name: named("To") }),
        "API URL": box("API URL"),
        secret: section("Authentication Configuration").getByLabel(kind ? "Access token *" : "Auth key *"),
      });
    }
  });

  test("S2: a saved setup keeps what is typed while it is saved, tested and sent", async ({ onTestFailed }) => {
    onTestFailed(() => photographFailure(page, "typing-saved"));
    await openAt("/setups");
    const row = page.getByRole("row", { name: /Twilio SMS/ }).first();
    await row.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("button", { name: "Options", exact: true }).click();
    const name = box("Name");
    await name.fill("One");
    await program.bridge.delay(500);
    await page.keyboard.press("Control+s");
    await page.keyboard.type(" and two", { delay: paceMs });
    await page.getByText(/What you typed meanwhile is not saved yet/).waitFor();
    expect(await name.inputValue()).toBe("One and two");
    await program.bridge.delay(0);
    await page.keyboard.press("Control+s");
    await page.getByText(/^Updated .*“.*”\.$/).waitFor();

    await openAt("/setups");
    await row.getByRole("button", { name: "Test" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("textbox").nth(1).waitFor();
    await typeInto({ first: drawer.getByRole("textbox").nth(1) });
    await openAt("/calls?send=1");
    const dialog = page.getByRole("dialog", { name: "Send once" });
    await choose(page, "Process", "Orders");
    await choose(page, "Sub Process", "Delivery");
    await choose(page, "Sub Sub Process", "Home delivery");
    await choose(page, "Stages", "Shipped");
    await dialog.getByRole("textbox", { name: /^Mobile/ }).waitFor();
    await typeInto({ Mobile: dialog.getByRole("textbox", { name: /^Mobile/ }) });
  });

  test("S2: users, roles, processes, stages and fields", async ({ onTestFailed }) => {
    onTestFailed(() => photographFailure(page, "typing-people"));
    await openAt("/users/new");
    const form = page.getByRole("dialog", { name: "New user" });
    await typeInto({
      "user name": form.getByLabel("User name"),
      "full name": form.getByLabel("Full name"),
      password: form.getByLabel("Password", { exact: true }),
    });
    await openAt("/users/roles");
    await page.getByRole("button", { name: "Create role" }).click();
    await typeInto({ "role name": page.getByLabel("Role name") });

    await openAt("/processes");
    await page.getByRole("treeitem").first().waitFor();
    await typeInto({ search: page.getByLabel("Search process, stage, code") }, ["H", "o", "m", "e"]);
    await page.getByRole("treeitem", { name: /^Home delivery/ }).click();
    await page.getByRole("button", { name: "Rename Home delivery" }).click();
    await typeInto({ rename: page.getByRole("textbox", { name: "Rename Home delivery" }) });
    await page.keyboard.press("Escape");
    // Fields in a row, each typed while the one before is saved.
    await page
      .getByRole("button", { name: /^Add field to / })
      .first()
      .click();
    await program.bridge.delay(500);
    for (const field of ["Rider", "Depot", "Driver"]) {
      await page.keyboard.type(field, { delay: paceMs });
      await page.keyboard.press("Enter");
    }
    await program.bridge.quiet();
    await program.bridge.delay(0);
    for (const field of ["Rider", "Depot", "Driver"]) await page.getByLabel(`Name of ${field}`).waitFor();
    await page.keyboard.press("Escape");
    // A cell, changed again while its first change is saved.
    await program.bridge.delay(500);
    const sample = page.getByLabel("Sample value of Rider");
    await sample.focus();
    await page.keyboard.type("Blue", { delay: paceMs });
    await page.keyboard.press("Enter");
    await page.keyboard.type(" Dart", { delay: paceMs });
    await program.bridge.quiet();
    expect(await sample.inputValue()).toBe("Blue Dart");
    await program.bridge.delay(0);
  });

  test("S2: settings, imports, and a provider's file", async ({ onTestFailed }) => {
    onTestFailed(() => photographFailure(page, "typing-settings"));
    await openAt("/settings");
    const name = page.getByRole("textbox", { name: "Organisation" });
    await typeInto({ name });
    await program.bridge.delay(500);
    await page.keyboard.press("Control+s");
    await page.keyboard.type(" & Sons", { delay: paceMs });
    await page.getByText("The settings are saved.").waitFor();
    expect(await name.inputValue()).toMatch(/abcd & Sons$/);
    await program.bridge.delay(0);
    await openAt("/settings/local-api");
    await page.getByRole("radio", { name: /^On the office network too/ }).check();
    const digits = ["1", "2", "3", "4"];
    await typeInto({ port: box("Port"), limit: box("Requests a minute") }, digits);
    await typeInto({ addresses: box("Addresses of this computer"), names: box("Host names (optional)") });
    // The switch is answered late while the person types on.
    await program.bridge.delay(500);
    await page.getByRole("switch", { name: "Local API" }).focus();
    await page.keyboard.press("Space");
    await box("Requests a minute").fill("");
    await page.keyboard.type("1234", { delay: paceMs });
    await page.getByText("The local API is switched on.").waitFor();
    expect(await box("Requests a minute").inputValue()).toBe("1234");
    expect(await box("Addresses of this computer").inputValue()).toBe("abcd");
    await program.bridge.delay(0);
    await openAt("/settings/retention");
    await typeInto({ calls: box("Keep live calls for days"), access: box("Keep the access log for days") }, digits);
    for (const [path, label, opens] of [
      ["/setups?import=1", "Or paste its text here", "Import setups"],
      ["/providers?add=1", "Or paste its text here", "Add a provider"],
    ] as const) {
      await program.bridge.delay(0);
      await openAt(path);
      await typeInto({ [opens]: page.getByRole("dialog", { name: opens }).getByLabel(label) });
    }
    await openAt("/setups");
    await page.getByRole("gridcell").first().waitFor();
    await typeInto({ search: page.getByPlaceholder("Search process, stage, URL …") }, ["t", "w", "i", "lio"]);
    await page.getByText("Twilio").first().waitFor();
  });

  test("S2: processes from lines, a change of the password, and the lock", async ({ onTestFailed }) => {
    onTestFailed(() => photographFailure(page, "typing-password"));
    await program.bridge.delay(0);
    await openAt("/processes");
    await page.getByRole("treeitem").first().waitFor();
    await page.getByRole("button", { name: "CSV" }).click();
    await page.getByRole("menuitem", { name: "Import CSV" }).click();
    await typeInto({ lines: page.getByRole("dialog", { name: "Import CSV" }).getByLabel("Or paste the lines here") });
    await page.keyboard.press("Escape");

    const menu = async (entry: string) => {
      await page.getByRole("button", { name: "asha", exact: true }).click();
      await page.getByRole("menuitem", { name: entry }).click();
    };
    await menu("Change password");
    const dialog = page.getByRole("dialog", { name: "Change password" });
    await typeInto({
      current: dialog.getByLabel("Current password"),
      new: dialog.getByLabel("New password", { exact: true }),
      again: dialog.getByLabel("New password again"),
    });
    await page.keyboard.press("Escape");

    await menu("Lock now");
    const lock = page.locator("[data-locked]");
    const field = lock.getByLabel("Password", { exact: true });
    await typeInto({ lock: field });
    // The refusal of what was typed arrives while the right password is typed.
    await program.bridge.delay(500);
    await page.keyboard.press("Enter");
    await field.fill("");
    await page.keyboard.type("asha-opens-the-desk", { delay: paceMs });
    // On a busy machine it arrives after the last letter, and until then Enter does nothing.
    await page.getByText("The password is wrong.").waitFor();
    expect(await field.inputValue()).toBe("asha-opens-the-desk");
    await page.keyboard.press("Enter");
    await lock.waitFor({ state: "hidden" });
    await program.bridge.delay(0);
  });

  test("S2: API keys, made, edited, taken over, checked and looked for", async ({ onTestFailed }) => {
    onTestFailed(() => photographFailure(page, "typing-keys"));
    await program.bridge.delay(0);
    await openAt("/keys?create=1");
    const form = page.getByRole("dialog", { name: "Generate an API Key" });
    await form.getByText("Send messages (CRM)").click();
    await form.getByRole("radiogroup", { name: "Expiration" }).getByText("Custom days").click();
    await form.getByRole("button", { name: "More" }).click();
    await typeInto({ title: box("Title", form), addresses: box("Source addresses", form) });
    // Numbers of less than a thousand: more are set apart as one types.
    await typeInto({ days: box("Days", form), live: box("Live messages a day, at most", form) }, ["1", "2", "1", ""]);
    await openAt("/keys?leaks=1");
    const leaks = page.getByRole("dialog", { name: "Look for leaked keys" });
    await typeInto({ text: leaks.getByLabel("Text to look through") });
    await openAt("/keys?check=1");
    const check = page.getByRole("dialog", { name: "Check a key" });
    await typeInto({ key: check.getByLabel("Key", { exact: true }) });
    await openAt("/keys");
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Take over a key from elsewhere" }).click();
    const take = page.getByRole("dialog", { name: "Take over a key from elsewhere" });
    await typeInto({ title: box("Title", take), key: take.getByLabel("Key *") });
    await openAt("/keys?create=1");
    await box("Title", form).fill("Typing");
    await form.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("dialog", { name: "Your new API key" }).getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page
      .getByRole("row", { name: /Typing/ })
      .getByRole("button", { name: "Edit" })
      .click();
    const edit = page.getByRole("dialog", { name: "Edit Typing" });
    await typeInto({ title: box("Title", edit) });
  });
});
