/**
 * Settings by visible label, against the real program and its real port: what walks C and E need before a key can be
 * used (C04, C24; UI.md, Settings on screen), in the dark.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, signOut } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let program: Program;
let page: Page;

beforeAll(async () => {
  program = await startProgram({ args: ["--demo"], dark: true });
  page = program.page;
  page.setDefaultTimeout(15_000);
  await page.getByRole("navigation", { name: "Main" }).waitFor();
});
afterAll(() => program?.stop());

const state = () => page.getByRole("status", { name: "What the local API does now" });
const tab = (name: string) => page.getByRole("tab", { name, exact: true });
const reachable = async (url: string) => {
  try {
    return (await fetch(url)).status;
  } catch {
    return 0;
  }
};

/** A port of this computer that is free, or taken by a server until it is closed. */
async function port(): Promise<{ number: number; free: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port: number } = server.address() as AddressInfo;
  return { number, free: () => new Promise((done) => server.close(() => done())) };
}

/** Presses Tab until the focus is at the control, as a person without a mouse does. */
async function tabTo(control: Locator): Promise<void> {
  for (let count = 0; count < 60; count++) {
    if (await control.evaluate((each) => each === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the Tab key does not reach the control");
}

test("the local API is switched on and off without a restart, with the keyboard alone", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "settings-switch"));
  const chosen = await port();
  await chosen.free();
  const url = `http://127.0.0.1:${chosen.number}`;
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Go to or do" }).getByRole("textbox").fill("Local API");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Local API/ })
    .waitFor();
  await page.keyboard.press("Enter");
  await state().getByText("Off. No program can call Keydesk.").waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await tabTo(page.getByLabel("Port"));
  await page.keyboard.press("Control+a");
  await page.keyboard.type(String(chosen.number));
  await page.keyboard.press("Enter");
  await page.getByText("The settings are saved.").waitFor();
  await page.getByRole("heading", { level: 1, name: "Settings" }).focus();
  await tabTo(page.getByRole("switch", { name: "Local API" }));
  await page.keyboard.press("Space");
  await state().getByText(url, { exact: true }).waitFor();
  await page.getByText(`Local API on, port ${chosen.number}`).waitFor();
  expect(await reachable(`${url}/healthz`)).toBe(200);
  expect(await reachable(`${url}/docs`)).toBe(200);
  expect(await reachable(`${url}/openapi.json`)).toBe(200);
  expect(await reachable(`${url}/v1/key`)).toBe(401);
  // A client's view has the real address.
  for (const language of ["curl", "JavaScript", "Python"]) {
    await page.getByText(language, { exact: true }).click();
    await page.locator("pre", { hasText: `${url}/v1/key` }).waitFor();
  }
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole("heading", { level: 1, name: "Settings" }).focus();
  await tabTo(page.getByRole("switch", { name: "Local API" }));
  await page.keyboard.press("Space");
  await state().getByText("Off. No program can call Keydesk.").waitFor();
  await expect.poll(() => reachable(`${url}/healthz`)).toBe(0);
  expect(await page.getByText(/^Local API on, port/).count()).toBe(0);
});

test("a port that another program has is said with what to do, and used once it is free", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "settings-port"));
  const taken = await port();
  await page.getByRole("switch", { name: "Local API" }).click({ force: true });
  await state().getByText("On. It answers at:").waitFor();
  await page.getByLabel("Port").fill(String(taken.number));
  await page.keyboard.press("Control+s");
  await state()
    .getByText(new RegExp(`uses port ${taken.number}\\.`))
    .waitFor();
  await page.getByRole("link", { name: new RegExp(`uses port ${taken.number}\\.`) }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await taken.free();
  await state().getByText(`http://127.0.0.1:${taken.number}`, { exact: true }).waitFor();
  await page.getByText(`Local API on, port ${taken.number}`).waitFor();

  await page.getByLabel("Port").fill("80");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText(/1024/).nth(1).waitFor();
  expect(await page.getByLabel("Port").inputValue()).toBe("80");
  await page.getByLabel("Port").fill(String(taken.number));
});

test("C24: an Org Admin pauses sending; everybody sees the banner, and others read who can go on", async ({
  onTestFailed,
}) => {
  onTestFailed(() => photographFailure(page, "settings-pause"));
  const banner = page.getByRole("note").filter({ hasText: "Sending is paused" });
  await page.getByRole("button", { name: "Pause sending" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Pause sending" }).click();
  await banner.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await signOut(page, "asha");

  await signIn(page, "vera", "vera-reads-the-desk");
  await banner.getByText("An Org Admin can go on.").waitFor();
  expect(await banner.getByRole("button").count()).toBe(0);
  // B01: Settings, and in it what she may see.
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await state().waitFor();
  expect(await page.getByRole("tab").allInnerTexts()).toEqual(["Local API", "Appearance"]);
  expect(await page.getByRole("switch").count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  await signOut(page, "vera");

  await signIn(page, "asha", "asha-opens-the-desk");
  await banner.getByRole("button", { name: "Go on sending" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go on sending" }).click();
  await banner.waitFor({ state: "hidden" });
});

test("retention asks before anything is kept for a shorter time", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "settings-retention"));
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await tab("Retention").click();
  const calls = page.getByLabel("Keep live calls for days");
  await calls.fill("30");
  await page.getByRole("button", { name: "Save settings" }).click();
  const question = page.getByRole("dialog", { name: "Keep live calls for 30 days instead of 90?" });
  await question.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await question.getByRole("button", { name: "Keep as before" }).click();
  expect(await calls.inputValue()).toBe("30");
  await page.getByRole("button", { name: "Save settings" }).click();
  await question.getByRole("button", { name: "Shorten" }).click();
  await page.getByText("The settings are saved.").waitFor();
  await page.reload();
  await calls.waitFor();
  expect(await calls.inputValue()).toBe("30");
});
