/**
 * Setups go from one office to another (RULES.md, Import and export): the export of the demo office is pasted into a
 * new office, shown row by row and imported, and a setup whose secret is missing is completed and switched on. The
 * test cannot use the system's file dialogs, so it takes the file from the bound method and pastes it.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstRun, named } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let demo: Program;
let fresh: Program;
let page: Page;

beforeAll(async () => {
  demo = await startProgram({ args: ["--demo"] });
  fresh = await startProgram({ width: 1024, height: 700 });
  page = fresh.page;
  page.setDefaultTimeout(30_000);
});
afterAll(async () => {
  await demo?.stop();
  await fresh?.stop();
});

const nothing = {
  search: "",
  channel: "",
  auth_type: "",
  provider: "",
  verdict: "",
  place_id: "",
  deleted: false,
  sort: "",
  descending: false,
  after: "",
  limit: 0,
  enabled_only: false,
};

async function exported(from: Page): Promise<string> {
  await from.getByRole("navigation", { name: "Main" }).waitFor();
  return from.evaluate(async (filter) => {
    // biome-ignore lint/suspicious/noExplicitAny: Wails makes the bound structs a property of window.
    const file = await (window as any).go.app.Transfer.Export({ filter, ids: [] });
    return file.text;
  }, nothing);
}

async function pasted(text: string): Promise<void> {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Import setups" }).click();
  await page.getByLabel("Or paste its text here").fill(text);
  await page.getByRole("button", { name: "Preview" }).click();
}

test("setups go from the demo office into a new one", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "transfer"));
  const text = await exported(demo.page);
  for (const secret of ["demo-api-key-query", "demo-api-key-body", "demo-client-secret"]) {
    expect(text).not.toContain(secret);
  }

  await firstRun(page, "Orders");
  await page.getByRole("link", { name: "API Key Setup" }).click();
  await page.getByText("No setups yet.").waitFor();
  await pasted(text.replace('"channel"', '"canal"'));
  await page.getByText(/^Line \d+: “canal” is not known here\.$/).waitFor();
  await page.getByLabel("Or paste its text here").fill(text);
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("10 setups: 10 new.").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("group", { name: "What to do with Status by GET, SMS" }).getByLabel("Skip").check();
  await page.getByRole("button", { name: "Import 9 setups" }).click();
  await page.getByText("9 setups added.").waitFor();
  expect(await axeFindings(page)).toEqual([]);

  // The result leads to each setup that is off; once its key is typed, it can be switched on.
  await page.getByRole("dialog").getByRole("link", { name: "Too many at once, SMS" }).click();
  await page.getByRole("heading", { name: "Edit API Key Setup" }).waitFor();
  await page.getByLabel(named("Value")).fill("typed-again-1");
  await page.getByRole("button", { name: "Options" }).last().click();
  await page.getByRole("switch", { name: "Enabled" }).check();
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await page.getByText("9 setups").waitFor();

  // A second import changes nothing that is the same, and offers the skipped setup as new.
  await pasted(text);
  await page.getByText(/^10 setups: 1 new, /).waitFor();
  const finished = page.getByRole("row").filter({ hasText: "Too many at once, SMS" });
  await finished.getByText("The same setup is already here.").waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  expect(JSON.parse(await exported(page)).setups).toHaveLength(9);
});
