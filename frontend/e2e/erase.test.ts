/**
 * A key that was saved as plain text, marked as secret later, and erased (A35; README, Where data and secrets live): the
 * README's search finds it in the data folder before, and not afterwards.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { choose, firstRun } from "./office";
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

/** The files of the data folder that hold a text. */
function filesWith(text: string): string[] {
  const folder = join(program.folder, "data");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map((entry) => entry.name);
}

test("A35: a key that was saved in the open is found by README's search, and erased it is not", async ({
  onTestFailed,
}) => {
  onTestFailed(() => photographFailure(page, "erase"));
  const key = "plain-key-in-the-open-4711";
  server.say(422, `{"error":"unknown key ${key}"}`);
  await firstRun(page);
  await page.getByRole("link", { name: "API Key Setup" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).first().click();
  await choose(page, "Process", "Orders");
  await page.getByLabel("API URL").fill(`${server.url}/send`);
  const headers = page.getByRole("region", { name: "Additional Header List", exact: true });
  await headers.getByRole("button", { name: "Add Row" }).click();
  await headers.getByLabel("Header Name, row 1").fill("X-Key");
  const value = headers.getByLabel("Header Value, row 1", { exact: true });
  await value.fill(key);
  await page.getByRole("button", { name: "Test", exact: true }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Test", exact: true }).click();
  await page
    .getByText(/Refused by/)
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("gridcell", { name: "NoAuth" }).click();
  await page.getByRole("heading", { name: "Edit API Key Setup" }).waitFor();
  expect(filesWith(key).length).toBeGreaterThan(0);

  // Marked as secret, it is asked for again.
  await headers.getByRole("button", { name: "Secret, row 1" }).click();
  expect(await value.inputValue()).toBe("");
  await headers.getByText(/so it is in this office's history/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await value.fill("new-key-from-the-provider");
  await page.getByRole("button", { name: "Update", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "The old value is in the history" });
  await dialog.getByText(/was saved or tested with this value/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Erase it there" }).click();
  const done = page.getByRole("dialog", { name: "Erased" });
  await done.getByText(/It was in 2 entries of Activity and 1 call/).waitFor();
  await done.getByRole("button", { name: "Close" }).click();
  await page.getByRole("gridcell", { name: "NoAuth" }).waitFor();
  expect(filesWith(key)).toEqual([]);

  // Activity says what is gone and who erased it, and erases a text that is typed.
  await page.getByRole("link", { name: "Activity" }).click();
  await page.getByRole("gridcell", { name: "changed the API Key Setup" }).waitFor();
  expect(await page.getByText("erased a text from the history").count()).toBe(2);
  await page.getByRole("gridcell", { name: "changed the API Key Setup" }).click();
  await page.getByText(/The states? .* erased/).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Erase a text" }).click();
  const typed = page.getByRole("dialog", { name: "Erase a text from the history" });
  await typed.getByLabel("Text to erase", { exact: true }).fill(key);
  expect(await axeFindings(page)).toEqual([]);
  await typed.getByRole("button", { name: "Erase it there" }).click();
  await done.getByText("The history did not hold it.").waitFor();
  await done.getByRole("button", { name: "Close" }).click();
});
