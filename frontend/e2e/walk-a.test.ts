/**
 * Walk A (README, The walk): the whole life of a setup, from the menu to the deleted row, by visible label and role,
 * against the real program with a real keyring, a real file and a real server. It proves A01, A03, A19, A20, A21, A22,
 * A23, A24, A25, A26, A31 and A36 to A57, as far as they are visible on screen.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { choose, firstRun, named } from "./office";
import { type Answering, axeFindings, type Program, photographFailure, startAnswering, startProgram } from "./program";

let program: Program;
let server: Answering;
let page: Page;

beforeAll(async () => {
  server = await startAnswering();
  program = await startProgram();
  page = program.page;
  page.setDefaultTimeout(10_000);
});
afterAll(async () => {
  await program?.stop();
  await server?.stop();
});

const section = (name: string) => page.getByRole("region", { name, exact: true });
const dataRows = () => page.getByRole("row").filter({ has: page.getByRole("gridcell") });

test("Walk A, from the first run to the deleted row", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "walk-a"));
  server.say(201, '{"id":"msg-7","status":"queued"}');
  await firstRun(page);

  // 1. Navigation, then Create opens the form (A01, A19).
  await page.getByRole("link", { name: "API Key Setup" }).click();
  await page.getByText("No setups yet.").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Create", exact: true }).first().click();
  await page.getByRole("heading", { name: "New API Key Setup" }).waitFor();

  // 2. Process, Sub Process, Sub Sub Process and Stages, each limited by the one before (A20 to A24).
  await choose(page, "Process", "Orders");
  await page.getByRole("combobox", { name: named("Sub Process") }).click();
  const subProcess = (await page.getByRole("option").first().innerText()).trim();
  await page.getByRole("option", { name: subProcess, exact: true }).click();
  await page.getByRole("combobox", { name: named("Sub Sub Process") }).click();
  const subSubProcess = (await page.getByRole("option").first().innerText()).trim();
  await page.getByRole("option", { name: subSubProcess, exact: true }).click();
  await choose(page, "Stages", "Shipped");

  // 3. Key For (A25).
  for (const label of ["SMS", "WhatsApp Business", "Email"]) {
    expect(await page.getByRole("radio", { name: label }).count()).toBe(1);
  }

  // 4. Auth Type: its five values and the fields of each (A26 to A32).
  const asks: [string, string[]][] = [
    ["API Key", ["Key", "Value", "Add to"]],
    ["Basic Auth", ["Username", "Password"]],
    ["OAuth 2.0", ["Token", "Header Prefix"]],
    ["NoAuth", []],
    ["Bearer Token", ["Token"]],
  ];
  for (const [type, labels] of asks) {
    await choose(page, "Auth Type", type);
    for (const label of labels) {
      expect(
        await section("Authentication Configuration").getByLabel(named(label)).count(),
        `${type}: ${label}`,
      ).toBeGreaterThan(0);
    }
  }
  await section("Authentication Configuration").getByLabel(named("Token")).fill("walk-a-token-1");

  // 5. Method Type and API URL (A36, A37).
  await page.getByRole("combobox", { name: "Method Type" }).click();
  expect((await page.getByRole("option").allInnerTexts()).slice(0, 4)).toEqual(["GET", "POST", "PUT", "DELETE"]);
  await page.getByRole("option", { name: "POST", exact: true }).click();
  await page.getByLabel("API URL").fill(`${server.url}/send`);

  // 6. Additional Header List: add two, delete one (A38, A39).
  const headers = section("Additional Header List");
  await headers.getByRole("button", { name: "Add Row" }).click();
  await headers.getByLabel("Header Name, row 1").fill("X-Walk");
  await headers.getByLabel("Header Value, row 1").fill("A");
  await headers.getByRole("button", { name: "Add Row" }).click();
  await headers.getByLabel("Header Name, row 2").fill("X-Gone");
  await headers.getByRole("button", { name: "Delete row 2" }).click();

  // 8, before 7 so that the parameter's variable exists: Stage Parameter List (A44 to A46).
  const stageParams = section("Stage Parameter List");
  await stageParams.getByRole("button", { name: "Add Row" }).click();
  await stageParams.getByLabel("Variable Name, row 1").fill("mobile");
  await stageParams.getByLabel("Stage Field Name, row 1").click();
  await page.getByRole("option", { name: "Mobile", exact: true }).click();
  await stageParams.getByLabel("Default Value, row 1").fill("+919800000000");

  // 7. Custom Parameter List (A41, A42).
  const params = section("Custom Parameter List");
  await params.getByRole("button", { name: "Add Row" }).click();
  await params.getByLabel("Field Name, row 1").fill("to");
  await params.getByLabel("Field Value, row 1").fill("{{mobile}}");
  await params.getByRole("button", { name: "Add Row" }).click();
  await params.getByLabel("Field Name, row 2").fill("text");
  await params.getByLabel("Field Value, row 2").fill('Shipped "today" & é 🙂');

  // The live request shows what will be sent, with the token masked (A57).
  await page.getByText("X-Walk: A").waitFor();
  expect(await page.getByText("walk-a-token-1").count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);

  // Test works on the unsaved draft (A57).
  await page.getByRole("button", { name: "Test", exact: true }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Test", exact: true }).click();
  await page
    .getByText(/Accepted by/)
    .first()
    .waitFor();
  expect(server.received).toHaveLength(1);
  const sent = server.received[0];
  expect(sent?.method).toBe("POST");
  expect(sent?.url).toBe("/send");
  expect(sent?.headers.authorization).toBe("Bearer walk-a-token-1");
  expect(sent?.headers["x-walk"]).toBe("A");
  expect(sent?.headers["x-gone"]).toBeUndefined();
  expect(JSON.parse(sent?.body ?? "")).toEqual({ to: expect.stringMatching(/^\+/), text: 'Shipped "today" & é 🙂' });
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");

  // 9. Create submits (A48).
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await dataRows().first().waitFor();

  // 10. The table's columns in order, and the search (A50, A51).
  const heads = (await page.getByRole("columnheader").allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  expect(heads.slice(0, 6)).toEqual(["Process", "Sub Process", "Sub Sub Process", "Stage", "Auth Type", "Key For"]);
  const row = dataRows().first();
  for (const text of ["Orders", subProcess, subSubProcess, "Shipped", "Bearer Token", "SMS"]) {
    expect(await row.innerText()).toContain(text);
  }
  const search = page
    .getByRole("searchbox")
    .or(page.getByPlaceholder(/^Search process/))
    .first();
  await search.fill("nothing is called that");
  await dataRows().first().waitFor({ state: "detached" });
  await search.fill("SHIPP");
  await dataRows().first().waitFor();
  expect(await page.locator("mark").first().innerText()).toMatch(/shipp/i);
  await search.fill("");
  await page.locator("mark").first().waitFor({ state: "detached" });

  // 9, second time: Cancel asks and then discards (A48, A49).
  await page.getByRole("button", { name: "Create", exact: true }).first().click();
  await choose(page, "Process", "Orders");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Leave|Discard/ })
    .click();
  await dataRows().first().waitFor();
  expect(await dataRows().count()).toBe(1);

  // 11. Edit and Update; the untouched token is kept and never shown (A55, A56).
  await dataRows().first().getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("API URL").waitFor();
  await page.getByRole("button", { name: /^Replace/ }).waitFor();
  await page.getByLabel("API URL").fill(`${server.url}/changed`);
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await dataRows().first().waitFor();
  await dataRows().first().getByRole("button", { name: "Test" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Test", exact: true }).click();
  await expect.poll(() => server.received.length).toBe(2);
  expect(server.received[1]?.url).toBe("/changed");
  expect(server.received[1]?.headers.authorization).toBe("Bearer walk-a-token-1");
  await page
    .getByText(/Accepted by/)
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  expect((await page.content()).includes("walk-a-token-1")).toBe(false);

  // 11. Delete asks and then deletes (A53, A54).
  await dataRows().first().getByRole("button", { name: "Delete" }).click();
  await page
    .getByRole("dialog")
    .getByText(/will have no SMS setup/)
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
  expect(await dataRows().count()).toBe(1);
  await dataRows().first().getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("No setups yet.").waitFor();

  // Activity has an entry for it.
  await page.getByRole("link", { name: "Activity" }).click();
  await page
    .getByText(/deleted the API Key Setup/i)
    .first()
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
});
