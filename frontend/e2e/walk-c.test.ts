/**
 * Walk C (README, The walk), steps 1 to 4 and 6: a key under Integration, by visible label and role, in the demo office
 * with its users. It proves C01, C02, C04 to C07, C09 to C12, C15, C22, C24, C28, C30, C32 and C34, as far as they are
 * visible on screen. Step 5 comes with webhooks.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, runLine, useFreePort, whoAmI } from "./localapi";
import { chooseToday, moveToZoneByDay, signIn, signOut } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let program: Program;
let page: Page;

beforeAll(async () => {
  program = await startProgram({ args: ["--demo"], width: 1024, height: 700 });
  page = program.page;
  page.setDefaultTimeout(10_000);
});
afterAll(() => program?.stop());

const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
const card = (name: string) => page.getByRole("region", { name, exact: true });
const step = (text: string) => card("Getting started").getByRole("listitem").filter({ hasText: text });

const expectNothingSerious = async () => {
  await program.bridge.quiet();
  expect(await axeFindings(page)).toEqual([]);
};

test("Walk C, Integration", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "walk-c"));
  await page.getByText("This is the demo office.").waitFor();
  const port = await useFreePort(page);
  await signOut(page, "asha");
  await signIn(page, "meera", "meera-keeps-the-desk");

  // 1. Settings, Integration: the card of API keys; with no key an empty state that invites to create one (C05 to C07).
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("link", { name: "Integration", exact: true }).click();
  await page.getByRole("heading", { name: "Integration", level: 1 }).waitFor();
  await card("API Keys")
    .getByText(/Programmatic access/)
    .waitFor();
  await card("API Keys").getByText("No API keys yet. Generate the first one.").waitFor();
  expect(await step("Generate a key").getByText(", done").count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);

  // 2. Generate a key: name, Expiration 30, 60, 90 days or custom (C09 to C11).
  await card("API Keys").getByRole("button", { name: "Generate Key" }).click();
  const form = dialog("Generate an API Key");
  await form.getByLabel("Key Name").fill("Production Server");
  const expiration = form.getByRole("radiogroup", { name: "Expiration" });
  for (const choice of ["30 days", "60 days", "90 days", "Custom days", "Custom date"]) {
    await expiration.getByText(choice, { exact: true }).click();
    expect(await expiration.getByRole("radio", { name: choice }).isChecked()).toBe(true);
  }
  expect(await expiration.getByRole("radio", { name: "Never" }).count()).toBe(0);
  await form.getByRole("button", { name: "Last day" }).click();
  await page.keyboard.press("Escape");
  // Escape has closed the calendar, not the form.
  await form.getByLabel("Key Name").waitFor();
  await expiration.getByText("Custom days", { exact: true }).click();
  await form.getByLabel("Days", { exact: true }).fill("400");
  await form.getByRole("button", { name: "Generate" }).click();
  await form.getByText("Only an Org Admin may give a key more than a year, or no end.").waitFor();
  await expiration.getByText("60 days", { exact: true }).click();
  await form.getByRole("radio", { name: "Send messages (CRM)" }).click();
  await form.getByRole("button", { name: "Generate" }).click();

  // 3. The screen shows the header and a line that works as printed (C01, C04); nobody but an admin switches it on.
  const shown = dialog("Your new API key");
  const key = (await shown.getByRole("status", { name: "API key" }).innerText()).trim();
  const line = (await shown.locator("pre").innerText()).trim();
  expect(line).toContain(`Authorization: x-api-key ${key}`);
  await shown.getByText(/Someone with Can Manage Settings can switch it on/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  // It was not copied, so closing asks.
  await shown.getByRole("button", { name: "Done" }).click();
  await dialog("Close without copying the key?").getByRole("button", { name: "Close" }).click();
  await card("API Keys").getByText("1 key").waitFor();
  await step("Generate a key").getByText(", done").waitFor({ state: "attached" });

  // 6. Org Admins may do what others may not (C24): Meera has no Delete.
  await card("API Keys").getByRole("button", { name: "Open API Keys" }).click();
  const row = page.getByRole("row", { name: /Production Server/ });
  await row.getByRole("button", { name: "Edit" }).waitFor();
  expect(await row.getByRole("button", { name: "Delete" }).count()).toBe(0);
  await row.getByRole("button", { name: "Edit" }).click();
  await dialog("Edit Production Server").getByRole("textbox", { name: "Key Name" }).fill("Production Server 1");
  await dialog("Edit Production Server").getByRole("button", { name: "Update" }).click();
  await page.getByRole("row", { name: /Production Server 1/ }).waitFor();

  // The local API is switched on by an Org Admin; then the printed line works.
  await signOut(page, "meera");
  await signIn(page, "asha", "asha-opens-the-desk");
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("tab", { name: "Local API", exact: true }).click();
  await page.getByRole("switch", { name: "Local API" }).click({ force: true });
  await page
    .getByRole("status", { name: "What the local API does now" })
    .getByText(`http://127.0.0.1:${port}`, { exact: true })
    .waitFor();
  expect(JSON.parse(await runLine(`${line} -s`))).toMatchObject({ title: "Production Server 1" });
  await page.getByText(`Local API on, port ${port}`).waitFor();
  // Without the header it is refused (C02).
  expect((await fetch(`http://127.0.0.1:${port}/v1/key`)).status).toBe(401);

  // While an Org Admin has paused sending, a live call is refused; a simulated one goes on (C24).
  await page.getByRole("button", { name: "Pause sending" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Pause sending" }).click();
  await page.getByRole("note").getByText("Sending is paused").waitFor();
  const refused = await call(port, key, "live");
  expect(refused.status).toBe(503);
  expect(JSON.stringify(refused.body)).toContain("paused");
  expect((await call(port, key, "simulate")).status).toBe(200);
  await page.getByRole("note").getByRole("button", { name: "Go on sending" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go on sending" }).click();
  await page.getByRole("note").getByText("Sending is paused").waitFor({ state: "detached" });

  // 4. Status, expiry date, usage statistics, activity log; the key is masked (C12, C15, C28, C30, C32).
  await page.getByRole("link", { name: "Integration", exact: true }).click();
  await card("API Keys").getByRole("button", { name: "Open API Keys" }).click();
  const used = page.getByRole("row", { name: /Production Server 1/ });
  await expect.poll(() => used.getByTitle(/^3 requests, 3 in the last 30 days$/).count(), { timeout: 15_000 }).toBe(1);
  await used.getByText("Active").waitFor();
  await used.getByRole("gridcell").first().click();
  const details = dialog("Production Server 1");
  await details.getByText(`${key.slice(0, 11)}_••••••••`).waitFor();
  await details.getByText("Active", { exact: true }).waitFor();
  await details.getByText(/^in (59|60) days|^in 1 month/).waitFor();
  const usage = details.getByRole("region", { name: "Usage in the last 30 days" });
  await usage.getByRole("img", { name: /^Requests: 3 requests in 30 days, 2 accepted, 1 failed\. Most on / }).waitFor();
  const figures = () => usage.locator("dl > div").allInnerTexts();
  expect((await figures()).map((each) => each.replace(/\s+/g, " "))).toEqual([
    "Ever 3",
    "Accepted 2",
    "Over the limit 0",
    "Refused 0",
    "Failed 1",
  ]);
  await expectNothingSerious();
  await usage.getByText("Table", { exact: true }).click();
  const days = usage.getByRole("region", { name: "Requests by day" });
  expect(await days.getByRole("row").nth(1).getByRole("cell").allInnerTexts()).toEqual(["2", "0", "0", "1", "3"]);
  await expectNothingSerious();
  await details.getByText("POST /v1/calls").first().waitFor();
  await details.getByText("GET /v1/key").first().waitFor();
  await details.getByRole("button", { name: "Close" }).click();
  // Alerts before expiry: a key that ends today is told behind the bell (C29).
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("tab", { name: "Organisation", exact: true }).click();
  await moveToZoneByDay(page);
  await page.getByRole("link", { name: "Integration", exact: true }).click();
  await card("API Keys").getByRole("button", { name: "Generate Key" }).click();
  await form.getByLabel("Key Name").fill("Till today");
  await chooseToday(page, form);
  await form.getByRole("button", { name: "Generate" }).click();
  await shown.getByRole("button", { name: "Copy", exact: true }).click();
  await shown.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Alerts, 1 unread" }).click();
  await dialog("Alerts")
    .getByRole("listitem")
    .filter({ hasText: /API key Till today expires on .*, the day of this alert\./ })
    .waitFor();
  await dialog("Alerts").getByRole("button", { name: "Close" }).click();

  // Keys belong to the organisation: without the person who made it the key still works (C22).
  await page.getByRole("link", { name: "Users & Roles" }).click();
  await page.getByRole("row", { name: /meera/ }).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("row", { name: /meera/ }).waitFor({ state: "detached" });
  expect((await whoAmI(port, key)).status).toBe(200);

  // Every change of a key is in the trail (C34).
  await page.getByRole("link", { name: "Integration", exact: true }).click();
  await step("Call from the other system in mode simulate").getByText(", done").waitFor({ state: "attached" });
  expect(await step("Send the first real message").getByText(", done").count()).toBe(0);
  await card("API Keys").getByRole("button", { name: "Open API Keys" }).click();
  const admins = page.getByRole("row", { name: /Production Server 1/ });
  await admins.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await admins.getByText("Disabled").waitFor();
  expect((await whoAmI(port, key)).status).toBe(401);
  await admins.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Enable" }).click();
  await admins.getByText("Active").waitFor();
  expect((await whoAmI(port, key)).status).toBe(200);
  await admins.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await dialog("Revoke “Production Server 1”?").getByRole("button", { name: "Revoke" }).click();
  await admins.getByText("Revoked").waitFor();
  expect((await whoAmI(port, key)).status).toBe(401);
  await page.getByRole("link", { name: "Activity" }).click();
  for (const done of ["made", "changed", "disabled", "enabled", "revoked"]) {
    await page
      .getByText(new RegExp(`${done} the API key`, "i"))
      .first()
      .waitFor();
  }
  expect(await page.content()).not.toContain(key.slice(12));
});
