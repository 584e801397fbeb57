/**
 * Appearance (UI.md, Looks; Settings on screen): light or dark and the size of text, for each person, against the real
 * program: at once, after a restart, for the next person, and on the screens before a sign-in. Then every screen in the
 * smallest window, dark and with text at 125 % (A50).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstRun, signIn, signOut } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

const size = { width: 1024, height: 700 };
const admin = "correct-horse-battery-9";

/** What a person sees: the page's colour and the size of its text. */
const looks = (page: Page) =>
  page.evaluate(() => [
    getComputedStyle(document.body).backgroundColor,
    getComputedStyle(document.documentElement).fontSize,
    getComputedStyle(document.documentElement).colorScheme,
  ]);
const dark125 = ["rgb(36, 36, 36)", "20px", "dark"];
const light90 = ["rgb(255, 255, 255)", "14.4px", "light"];
const usual = ["rgb(255, 255, 255)", "16px", "light"];

/** Chooses from the person's menu. */
async function choose(page: Page, person: string, ...names: string[]): Promise<void> {
  await page.getByRole("button", { name: person, exact: true }).click();
  await page.getByRole("menuitem", { name: "Appearance" }).click();
  const dialog = page.getByRole("dialog", { name: "Appearance" });
  for (const name of names) await dialog.getByText(name, { exact: true }).click();
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "hidden" });
}

test("each person has their own, at once, after a restart, and at the next sign-in", async ({ onTestFailed }) => {
  const folder = mkdtempSync(join(tmpdir(), "keydesk-looks-"));
  let program = await startProgram({ args: ["--data", folder], ...size });
  let { page } = program;
  onTestFailed(() => photographFailure(page, "appearance"));
  page.setDefaultTimeout(15_000);
  await firstRun(page);
  expect(await looks(page)).toEqual(usual);
  await page.evaluate(async (password) => {
    // biome-ignore lint/suspicious/noExplicitAny: Wails' methods are made at run time.
    const { Create } = (window as any).go.app.User;
    await Create({ name: "omar", full_name: "", password, role_ids: ["viewer"] });
  }, admin);

  // In Settings, with the keyboard: it is shown at once.
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("tab", { name: "Appearance" }).click();
  await page.getByRole("radio", { name: "As the system" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("radio", { name: "100 %" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => looks(page)).toEqual(dark125);
  await program.bridge.quiet();
  expect(await axeFindings(page)).toEqual([]);

  // A reload, and a page on which no script has run yet, begin so.
  await program.open();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  expect(await looks(page)).toEqual(dark125);
  const scriptless = await program.context.browser()?.newContext({ javaScriptEnabled: false, colorScheme: "light" });
  const first = await scriptless?.newPage();
  await first?.goto(page.url().replace(/#.*/, ""));
  expect(first && (await looks(first))).toEqual(dark125);
  await scriptless?.close();

  // The screens before a sign-in look as they did for who was here last, and so after a restart.
  await signOut(page, "asha");
  expect(await looks(page)).toEqual(dark125);
  expect(await axeFindings(page)).toEqual([]);
  await program.stop();
  program = await startProgram({ args: ["--data", folder], ...size });
  page = program.page;
  page.setDefaultTimeout(15_000);
  await page.getByLabel("User name").waitFor();
  expect(await looks(page)).toEqual(dark125);

  // Another person begins with what is usual, also while they choose a password, and takes what they like.
  await page.getByLabel("User name").fill("omar");
  await page.getByLabel("Password", { exact: true }).fill(admin);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("New password", { exact: true }).waitFor();
  expect(await looks(page)).toEqual(usual);
  await page.getByLabel("Current password").fill(admin);
  await page.getByLabel("New password", { exact: true }).fill("violet-kettle-orbit-41");
  await page.getByLabel("New password again").fill("violet-kettle-orbit-41");
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await choose(page, "omar", "Light", "90 %");
  expect(await looks(page)).toEqual(light90);
  await signOut(page, "omar");
  expect(await looks(page)).toEqual(light90);
  await signIn(page, "asha", admin);
  await expect.poll(() => looks(page)).toEqual(dark125);
  await page.getByRole("button", { name: "asha", exact: true }).click();
  await page.getByRole("menuitem", { name: "Lock now" }).click();
  await page.getByRole("button", { name: "Unlock" }).waitFor();
  expect(await looks(page)).toEqual(dark125);
  expect(await axeFindings(page)).toEqual([]);
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});
