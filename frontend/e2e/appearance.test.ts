/**
 * Appearance (UI.md, Looks; Settings on screen): light or dark and the size of text, for each person, against the real
 * program: at once, after a restart, for the next person, and on the screens before a sign-in. Then every screen in the
 * smallest window, dark and with text at 125 % (A50).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
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
  await page.getByLabel("Password you were given").fill(admin);
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

let demo: Program;
beforeAll(async () => {
  demo = await startProgram({ args: ["--demo"], ...size });
  demo.page.setDefaultTimeout(15_000);
});
afterAll(() => demo?.stop());

/** What is wider than its room or is cut at the right of the screen, in words; lists scroll and are left out. */
const cut = (page: Page) =>
  page.getByRole("main").evaluate((main) => {
    const out: string[] = [];
    const right = main.getBoundingClientRect().right;
    for (const each of main.querySelectorAll<HTMLElement>("*")) {
      if (each.closest("[role=grid], .cm-editor, pre, .visually-hidden") || each.offsetParent === null) continue;
      if (each.getBoundingClientRect().right > right + 1) out.push(`${each.tagName} ${each.textContent?.slice(0, 40)}`);
    }
    if (main.scrollWidth > main.clientWidth) out.push(`the screen, by ${main.scrollWidth - main.clientWidth}`);
    return out;
  });

/** What of a list cannot be brought into view: a header or an action that no scrolling reaches. */
const lost = (list: Locator) =>
  list.evaluate((grid) => {
    const out: (string | null)[] = [];
    const seen = grid.getBoundingClientRect();
    const inside = ({ left, right }: DOMRect) => left >= seen.left - 1 && right <= seen.right + 1;
    for (const each of grid.querySelectorAll("[role=columnheader]")) {
      each.scrollIntoView({ inline: "nearest", block: "nearest" });
      if (!inside(each.getBoundingClientRect())) out.push(each.textContent);
    }
    grid.scrollLeft = 0;
    for (const each of grid.querySelectorAll("[role=gridcell] button[aria-label]")) {
      if (!inside(each.getBoundingClientRect())) out.push(each.getAttribute("aria-label"));
    }
    return out;
  });

test("rows follow the size of text at once, and no row covers another", async ({ onTestFailed }) => {
  const { page } = demo;
  onTestFailed(() => photographFailure(page, "appearance-rows"));
  await page.getByRole("link", { name: "API Key Setup", exact: true }).click();
  const tops = () =>
    page
      .getByRole("row")
      .evaluateAll((rows) => rows.slice(1, 5).map((row) => Math.round(row.getBoundingClientRect().top)));
  const steps = async () => {
    const all = await tops();
    return all.slice(1).map((top, at) => top - (all[at] ?? 0));
  };
  await page.getByRole("gridcell").first().waitFor();
  expect(await steps()).toEqual([32, 32, 32]);
  await choose(page, "asha", "Dark", "125 %");
  await expect.poll(steps).toEqual([40, 40, 40]);
  expect(await looks(page)).toEqual(dark125);
});

test("every screen fits the smallest window, dark and with text at 125 %", async ({ onTestFailed }) => {
  const { page } = demo;
  onTestFailed(() => photographFailure(page, "appearance-screens"));
  const seen = async (name: string) => {
    await demo.bridge.quiet();
    await photograph(page, name);
    expect(await axeFindings(page), name).toEqual([]);
    expect(await cut(page), name).toEqual([]);
  };
  for (const name of [
    "API Key Setup",
    "Users & Roles",
    "Activity",
    "Calls",
    "Providers",
    "API Secret Manager",
    "API Keys",
    "Integration",
    "Processes",
  ]) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await seen(name);
    for (const list of await page.getByRole("grid").all()) expect(await lost(list), name).toEqual([]);
  }
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  for (const name of [
    "Organisation",
    "Security",
    "Local API",
    "Secrets",
    "Alerts",
    "Retention",
    "Appearance",
    "About",
  ]) {
    await page.getByRole("tab", { name, exact: true }).click();
    await page.getByRole("tabpanel", { name, exact: true }).waitFor();
    await seen(`Settings, ${name}`);
  }
  await page.getByRole("link", { name: "API Key Setup", exact: true }).click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "New API Key Setup" }).waitFor();
  await page.getByRole("button", { name: "Options", exact: true }).click();
  await page.getByLabel("Live messages a day, at most").waitFor();
  await page.getByLabel("Live messages a day, at most").scrollIntoViewIfNeeded();
  await seen("New API Key Setup");
});

async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.KEYDESK_E2E_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `large ${name.replace(/\W+/g, " ")}.png`) });
}
