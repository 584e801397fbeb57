/**
 * Walk E (README, The walk): the API Secret Manager, by visible label and role, against the real program and its local
 * API. It proves E01 to E06, E08, E09, E11 to E14, E18 to E20, C13 and C31, as far as they are visible on screen.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreePort, whoAmI } from "./localapi";
import { firstRun } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let program: Program;
let page: Page;

beforeAll(async () => {
  program = await startProgram({ dark: true, width: 1024, height: 700 });
  page = program.page;
  page.setDefaultTimeout(10_000);
});
afterAll(() => program?.stop());

const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
const row = (title: string) => page.getByRole("row", { name: new RegExp(`^${title} `) });
const shownKey = async () => {
  const shown = dialog("Your new API key");
  const key = (await shown.getByRole("status", { name: "API key" }).innerText()).trim();
  await shown.getByRole("button", { name: "Copy", exact: true }).click();
  await shown.getByRole("button", { name: "Copied" }).waitFor();
  await shown.getByRole("button", { name: "Done" }).click();
  await shown.waitFor({ state: "hidden" });
  return key;
};
/** 2. and 3. Create New at the top right, Title, Confirm. */
const createNew = async (title: string, before = async () => {}) => {
  await page.getByRole("button", { name: "Create New" }).first().click();
  const form = dialog("Generate an API Key");
  await form.getByRole("textbox", { name: "Title" }).fill(title);
  await form.getByRole("button", { name: "Confirm" }).click();
  await before();
  return shownKey();
};
const moreOf = async (title: string, item: string) => {
  await row(title).getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
/** 6. What Check a key says. */
const check = async (key: string) => {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Check a key" }).click();
  const asks = dialog("Check a key");
  await asks.getByLabel("Key", { exact: true }).fill(key);
  await asks.getByRole("button", { name: "Check", exact: true }).click();
  await asks.locator("strong").nth(1).waitFor();
  const says = await asks.locator("strong").nth(1).innerText();
  await page.keyboard.press("Escape");
  await asks.waitFor({ state: "hidden" });
  return says;
};

test("Walk E, API Secret Manager", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "walk-e"));
  await firstRun(page);
  const port = await useFreePort(page);
  await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: Wails' methods are made at run time.
    const { LocalAPI, SaveLocalAPI } = (window as any).go.app.Organisation;
    const { settings, version } = await LocalAPI();
    await SaveLocalAPI({ settings: { ...settings, on: true }, version });
  });

  // 1. API Settings, API Secret Manager (E01).
  await page.getByRole("link", { name: "API Settings", exact: true }).click();
  await page.getByRole("link", { name: "API Secret Manager", exact: true }).click();
  await page.getByRole("heading", { name: "API Secret Manager", level: 1 }).waitFor();

  // 2. to 4. The key is in the list, and is not displayed again, anywhere (E02 to E06).
  const payment = await createNew("Payment Gateway", async () => {
    await dialog("Your new API key").waitFor();
    // A key that was not copied is not lost by the mouse's Back.
    await page.goBack();
    await dialog("Close without copying the key?").getByRole("button", { name: "Go back" }).click();
  });
  await row("Payment Gateway").waitFor();
  const shop = await createNew("Web shop");
  for (const key of [payment, shop]) expect(await page.content()).not.toContain(key.slice(12));
  await page.reload();
  await row("Payment Gateway").getByRole("gridcell").first().click();
  await dialog("Payment Gateway").getByText("Access log").waitFor();
  expect(await page.content()).not.toContain(payment.slice(12));
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");

  // 5. Titles and creation dates; search by title; Edit changes the title (E08, E09, E11).
  await page.getByRole("columnheader", { name: "Created" }).waitFor();
  await page.getByPlaceholder("Search title").fill("GATEW");
  await row("Web shop").waitFor({ state: "detached" });
  expect(await page.locator("mark").innerText()).toBe("Gatew");
  await row("Payment Gateway").getByRole("button", { name: "Edit" }).click();
  const edit = dialog("Edit Payment Gateway");
  await edit.getByRole("textbox", { name: "Title" }).fill("Payment Gateway 2");
  await edit.getByRole("button", { name: "Update" }).click();
  await row("Payment Gateway 2").waitFor();
  await page.getByPlaceholder("Search title").fill("");
  await row("Web shop").waitFor();
  expect((await whoAmI(port, payment)).body).toMatchObject({ title: "Payment Gateway 2" });

  // 5. Revoke and Delete (E12, E13).
  await moreOf("Web shop", "Revoke");
  await dialog("Revoke “Web shop”?")
    .getByText(/It was never used\./)
    .waitFor();
  await dialog("Revoke “Web shop”?").getByRole("button", { name: "Revoke" }).click();
  await row("Web shop").getByText("Revoked").waitFor();
  expect((await whoAmI(port, shop)).status).toBe(401);

  // 6. A mistyped, a revoked and an expired key, each explained (E18).
  const wrong = `${payment.slice(0, 20)}${payment[20] === "x" ? "y" : "x"}${payment.slice(21)}`;
  expect(await check(wrong)).toMatch(/has a typing error/);
  expect(await check(shop)).toMatch(/^“Web shop” was revoked on \d+ \w+ \d{4} by asha\.$/);
  expect(await check(payment)).toBe("“Payment Gateway 2” is good.");

  // 6. A lost key is replaced; the old one works until it stops, and has then expired (E19).
  await moreOf("Payment Gateway 2", "Replace …");
  await dialog("Replace “Payment Gateway 2”").getByRole("button", { name: "Replace key" }).click();
  const next = await shownKey();
  expect([(await whoAmI(port, payment)).status, (await whoAmI(port, next)).status]).toEqual([200, 200]);
  expect(await page.getByRole("gridcell", { name: "Payment Gateway 2" }).count()).toBe(2);

  const short = await createNew("Short");
  await page.evaluate(async () => {
    // The page offers days; a moment later is as good as a day that is over.
    // biome-ignore lint/suspicious/noExplicitAny: Wails' methods are made at run time.
    const keys = (window as any).go.app.Apikey;
    const { rows } = await keys.List({ search: "Short", review_days: 0, unused_days: 0, expiring_days: 0, limit: 1 });
    await keys.Replace({ request_id: "walk-e", id: rows[0].id, stops_ms: Date.now() + 500 });
  });
  await expect.poll(async () => (await whoAmI(port, short)).status).toBe(401);
  expect(await check(short)).toMatch(/^“Short” expired on \d+ \w+ \d{4}\.$/);

  // 6. A stolen key is revoked at once and a new one issued, in one step (E20, C31).
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Active", exact: true }).click();
  const stolen = row("Payment Gateway 2");
  await expect.poll(() => stolen.count()).toBe(1);
  await moreOf("Payment Gateway 2", "Replace …");
  await dialog("Replace “Payment Gateway 2”").getByRole("radio", { name: "Now" }).click();
  await dialog("Replace “Payment Gateway 2”").getByRole("button", { name: "Replace key" }).click();
  const fresh = await shownKey();
  expect([(await whoAmI(port, next)).status, (await whoAmI(port, fresh)).status]).toEqual([401, 200]);
  expect(await check(next)).toMatch(/was revoked on/);

  // A leaked key is found in a text, offline, and revoked there.
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Look for leaked keys" }).click();
  const leaks = dialog("Look for leaked keys");
  await leaks.getByLabel("Text to look through").fill(`first line\ncurl -H 'Authorization: x-api-key ${fresh}'\n`);
  await leaks.getByRole("button", { name: "Look for keys" }).click();
  await leaks.getByText("1 key of this office is in this text.").waitFor();
  await leaks.getByText("Line 2, column 35").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await leaks.getByRole("button", { name: "Revoke Payment Gateway 2" }).click();
  await dialog("Revoke “Payment Gateway 2”?").getByRole("button", { name: "Revoke" }).click();
  await leaks.getByText("Revoked").waitFor();
  expect((await whoAmI(port, fresh)).status).toBe(401);
  await page.keyboard.press("Escape");

  // The access log of the whole office has the refused requests too, by their reason.
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Access log" }).click();
  const log = dialog("Access log");
  await log.getByText("Refused: the key is revoked").first().waitFor({ timeout: 20_000 });
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");

  // 5. Delete takes a key off the list.
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Status: any", exact: true }).click();
  await row("Web shop").getByRole("button", { name: "Delete" }).click();
  await dialog("Delete “Web shop”?").getByRole("button", { name: "Delete" }).click();
  await row("Web shop").waitFor({ state: "detached" });
  expect(await check(shop)).toMatch(/^“Web shop” was deleted on/);
});
