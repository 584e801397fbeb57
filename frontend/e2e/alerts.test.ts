/**
 * Alerts in the demo office: a key that ends today is told behind the bell while the window is open, once; where else
 * alerts go is set under Settings (C29; walk C, step 4, "alerts before expiry").
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseToday, moveToZoneByDay } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let program: Program;
let page: Page;

beforeAll(async () => {
  program = await startProgram({ args: ["--demo"], width: 1024, height: 700, dark: process.env.DARK === "1" });
  page = program.page;
  page.setDefaultTimeout(10_000);
});
afterAll(() => program?.stop());

const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
const pause = (label: string) => process.env.LOOK && page.screenshot({ path: `${process.env.LOOK}-${label}.png` });

test("C29: a key that ends today is told behind the bell, and where alerts go is set", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "alerts"));
  await page.getByText("This is the demo office.").waitFor();
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await moveToZoneByDay(page);
  await page.getByRole("link", { name: "API Keys", exact: true }).click();
  await page.getByRole("button", { name: "Create API Key" }).first().click();
  const form = dialog("Generate an API Key");
  await form.getByLabel("Key Name").fill("Till today");
  await chooseToday(page, form);
  await form.getByRole("button", { name: "Generate" }).click();
  const shown = dialog("Your new API key");
  await shown.getByRole("button", { name: "Copy", exact: true }).click();
  await shown.getByRole("button", { name: "Done" }).click();
  await page.getByRole("row", { name: /Till today/ }).waitFor();

  // Keydesk looks once a minute, without anybody's asking.
  const bell = page.getByRole("button", { name: /^Alerts, 1 unread$/ });
  await bell.waitFor({ timeout: 90_000 });
  await pause("bell");
  expect(await axeFindings(page)).toEqual([]);
  await bell.click();
  const list = dialog("Alerts");
  const line = list.getByRole("listitem");
  await line.filter({ hasText: /API key Till today expires on .*, the day of this alert\./ }).waitFor();
  await pause("list");
  expect(await line.count()).toBe(1);
  expect(await axeFindings(page)).toEqual([]);
  await list.getByRole("link", { name: "Till today" }).click();
  await dialog("Till today").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Alerts", exact: true }).waitFor();

  await page.getByRole("button", { name: "Alerts", exact: true }).click();
  await list.getByRole("link", { name: "Where alerts go" }).click();
  await page.getByRole("tab", { name: "Alerts", exact: true, selected: true }).waitFor();
  await page.getByRole("switch", { name: "Send alerts as a message" }).click({ force: true });
  await page.getByLabel("API Key Setup", { exact: true }).and(page.locator("input")).first().click();
  await pause("choose");
  await page.getByRole("option").first().click();
  await page.getByText("{{alert}}").first().waitFor();
  await pause("settings");
  expect(await axeFindings(page)).toEqual([]);
});
