/**
 * Walk A, last step: what a person may not do is not shown (A14 to A18), in the demo office with its users.
 * backend/guard_test.go proves for every operation and role that the backend refuses it too.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, signOut } from "./office";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let program: Program;
let page: Page;

beforeAll(async () => {
  program = await startProgram({ args: ["--demo"], dark: true, width: 1024, height: 700 });
  page = program.page;
  page.setDefaultTimeout(15_000);
});
afterAll(() => program?.stop());

const rows = () => page.getByRole("row").filter({ has: page.getByRole("gridcell") });
const setups = async () => {
  await page.getByRole("link", { name: "API Key Setup", exact: true }).click();
  await rows().first().waitFor();
};
const icons = async () => {
  const names: string[] = [];
  for (const name of ["Test", "Edit", "Duplicate", "Delete"]) {
    if ((await rows().first().getByRole("button", { name }).count()) > 0) names.push(name);
  }
  return names;
};

/** What the palette can begin, besides what everybody may do. */
const begun: [label: string, heading: string][] = [
  ["Create API Key Setup", "New API Key Setup"],
  ["Test all API Key Setups", "Test all"],
  ["Import setups", "Import setups"],
  ["Send once", "Send once"],
  ["Create process", "New Process"],
  ["Create user", "New user"],
  ["Add a provider", "Add a provider"],
  ["Generate an API Key", "Generate an API Key"],
  ["Check a key", "Check a key"],
  ["Look for leaked keys", "Look for leaked keys"],
];
const palette = () => page.getByRole("dialog", { name: "Go to or do" });
const offered = async () => {
  await page.keyboard.press("Control+k");
  await palette().getByRole("button", { name: "Lock now" }).waitFor();
  const names: string[] = [];
  for (const [name] of begun) {
    if ((await palette().getByRole("button", { name, exact: true }).count()) > 0) names.push(name);
  }
  await page.keyboard.press("Escape");
  await palette().waitFor({ state: "hidden" });
  return names;
};

test("the palette begins what the person may do, from any screen (UI.md, Keys)", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "palette"));
  await page.getByText("This is the demo office.").waitFor();
  expect(await offered()).toEqual(begun.map(([label]) => label));
  for (const [label, heading] of begun) {
    await page.keyboard.press("Control+k");
    await palette().getByRole("textbox").fill(label);
    await palette().getByRole("button", { name: label, exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: heading, exact: true }).waitFor();
    expect(new URL(page.url()).hash, label).not.toContain("?");
    if (label === "Create API Key Setup") continue;
    // The focus is in the dialog.
    await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]"));
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }
});

test("the demo office shows each person what their role may do", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "rights"));
  await page.getByText("This is the demo office.").waitFor();
  await setups();
  expect(await page.getByRole("button", { name: "Create", exact: true }).count()).toBe(1);
  expect(await icons()).toEqual(["Test", "Edit", "Duplicate", "Delete"]);
  expect(await axeFindings(page)).toEqual([]);

  // The unsaved form is still there after the same person has unlocked (A07).
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByLabel("API URL").fill("https://api.example.com/unsaved");
  await page.getByRole("button", { name: "asha" }).click();
  await page.getByRole("menuitem", { name: "Lock now" }).click();
  await page.getByRole("button", { name: "Unlock", exact: true }).waitFor();
  expect(await page.getByText("api.example.com").isVisible()).toBe(false);
  await page.getByLabel("Password", { exact: true }).fill("asha-opens-the-desk");
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await page.getByLabel("API URL").waitFor();
  expect(await page.getByLabel("API URL").inputValue()).toBe("https://api.example.com/unsaved");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await rows().first().waitFor();

  await signOut(page, "asha");
  for (const name of ["asha", "meera", "omar", "vera"]) {
    expect(await page.getByText(name, { exact: true }).count(), name).toBeGreaterThan(0);
  }
  expect(await axeFindings(page)).toEqual([]);
  await signIn(page, "vera", "vera-reads-the-desk");
  await setups();
  expect(await page.getByRole("button", { name: "Create", exact: true }).count()).toBe(0);
  expect(await icons()).toEqual([]);
  // Who may see keys may find out what is wrong with one.
  expect(await offered()).toEqual(["Check a key", "Look for leaked keys"]);
  expect(await page.getByRole("link", { name: "Users & Roles" }).count()).toBe(0);
  // B01: in Settings there is what she may see, and nothing to change it with.
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("status", { name: "What the local API does now" }).waitFor();
  expect(await page.getByRole("tab").allInnerTexts()).toEqual(["Local API", "Appearance"]);
  expect(await page.getByRole("button", { name: "Save settings" }).count()).toBe(0);
  await setups();
  await rows().first().getByRole("gridcell").first().click();
  await page.getByRole("heading", { name: "View API Key Setup" }).waitFor();
  expect(await page.getByRole("button", { name: "Update" }).count()).toBe(0);

  await signOut(page, "vera");
  await signIn(page, "omar", "omar-tests-the-desk");
  await setups();
  expect(await icons()).toEqual(["Test"]);
  expect(await offered()).toEqual(["Test all API Key Setups", "Send once", "Check a key", "Look for leaked keys"]);
});

test("the message about a wrong password does not say which part was wrong (A06)", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "wrong-password"));
  await signOut(page, "omar");
  for (const name of ["vera", "nobody-of-that-name"]) {
    await page.getByLabel("User name").fill(name);
    await page.getByLabel("Password", { exact: true }).fill("not-the-password-1");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText(/User name or password is wrong\./).waitFor();
  }
});
