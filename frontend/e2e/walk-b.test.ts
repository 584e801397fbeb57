/**
 * Walk B (README, The walk): an API key under Settings, from the menu to the deleted row, by visible label and role,
 * against the real program and its local API. It proves B01 to B12, B15, B16 and C04, as far as they are visible on
 * screen.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clipboard, runLine, useFreePort, whoAmI } from "./localapi";
import { firstRun } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let program: Program;
let page: Page;

beforeAll(async () => {
  program = await startProgram();
  page = program.page;
  page.setDefaultTimeout(10_000);
});
afterAll(() => program?.stop());

const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });

test("Walk B, API Keys under Settings", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "walk-b"));
  await firstRun(page);
  const port = await useFreePort(page);

  // 1. Settings (gear icon), API Keys (B01, B02).
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
  await page.getByRole("link", { name: "API Keys", exact: true }).click();
  await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();
  // An office without keys is told what one is (B15).
  await page.getByText("No API keys yet.").waitFor();
  await page.getByRole("complementary", { name: "What is an API key?" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  // 2. and 3. Create API Key; Key Name (B03, B04).
  await page.getByRole("button", { name: "Create API Key" }).first().click();
  const form = dialog("Generate an API Key");
  await form.getByRole("button", { name: "Generate" }).click();
  await form.getByText("Fill this in.").waitFor();
  await form.getByLabel("Key Name").fill("Integration with CRM");
  expect(await axeFindings(page)).toEqual([]);

  // 4. Generate: the key is displayed, with the advice to store it safely; copy it (B05 to B07).
  await form.getByRole("button", { name: "Generate" }).dblclick();
  const shown = dialog("Your new API key");
  await shown.getByText(/store it safely/).waitFor();
  const key = (await shown.getByRole("status", { name: "API key" }).innerText()).trim();
  expect(key).toMatch(/^kd_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  await shown.getByRole("button", { name: "Copy", exact: true }).click();
  await shown.getByRole("button", { name: "Copied" }).waitFor();
  expect(await clipboard(page)).toBe(key);
  // The local API is off at first, and is switched on from here.
  await shown.getByRole("button", { name: "Switch it on" }).click();
  await shown.getByText("The local API is off").waitFor({ state: "detached" });
  const line = (await shown.locator("pre").innerText()).trim();
  expect(line).toContain(`http://127.0.0.1:${port}/v1/key`);
  expect(await axeFindings(page)).toEqual([]);
  await shown.getByRole("button", { name: "Done" }).click();
  await shown.waitFor({ state: "hidden" });

  // 5. The list shows all keys with names and statuses, masked; a double click has made one (B08, B16, E04).
  const row = page.getByRole("row", { name: /Integration with CRM/ });
  await row.waitFor();
  expect(await page.getByRole("gridcell", { name: "Integration with CRM" }).count()).toBe(1);
  expect(await row.innerText()).toContain("Active");
  expect(await row.innerText()).toContain(key.slice(0, 12));
  expect(await page.content()).not.toContain(key.slice(12));

  // 6. Use the key on the local API: it works (B12, C04). The line is the printed one.
  expect(JSON.parse(await runLine(`${line} -s`))).toMatchObject({ title: "Integration with CRM" });
  expect((await whoAmI(port, key)).status).toBe(200);
  await expect.poll(() => row.innerText(), { timeout: 20_000 }).toMatch(/just now[\s\S]*just now/);
  await row.getByRole("gridcell").first().click();
  await page.getByRole("grid", { name: "requests" }).getByText("GET /v1/key").first().waitFor();
  await page.keyboard.press("Escape");

  // 7. Delete icon, confirm: it is gone and refused on the next request (B10, B11).
  await row.getByRole("button", { name: "Delete" }).click();
  const ask = dialog("Delete “Integration with CRM”?");
  await ask.getByText(/It was last used/).waitFor();
  await ask.getByRole("button", { name: "Keep" }).click();
  expect((await whoAmI(port, key)).status).toBe(200);
  await row.getByRole("button", { name: "Delete" }).click();
  await ask.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No API keys yet.").waitFor();
  expect((await whoAmI(port, key)).status).toBe(401);
});
