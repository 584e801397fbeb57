/**
 * Whatever asks lies on top of what is open, has the focus and the Escape key (UI.md, Keys; src/shell/layers.test.tsx
 * walks every pair), and everybody lands on the first screen they may see (UI.md, Screens).
 */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, signOut } from "./office";
import { type Program, photographFailure, startProgram } from "./program";

let program: Program;
let page: Page;
beforeAll(async () => {
  program = await startProgram({ args: ["--demo"], width: 1024, height: 700 });
  page = program.page;
  page.setDefaultTimeout(10_000);
});
afterAll(() => program?.stop());

const passwordNeeded = JSON.stringify({
  kind: "forbidden",
  code: "access.password_needed",
  message: "Enter your password again to do this.",
  hint: "",
  fields: [],
  links: [],
});
const go = (path: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, path);

/** Whether a person sees and clicks this part, and nothing above it. */
const onTop = (part: Locator) =>
  part.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
const hasFocus = (part: Locator) =>
  expect.poll(() => part.evaluate((element) => element.contains(document.activeElement))).toBe(true);
/** The Tab key goes round in it, as often as it is pressed. */
const keepsTab = async (part: Locator) => {
  for (let count = 0; count < 6; count++) {
    await page.keyboard.press("Tab");
    await hasFocus(part);
  }
};

test("S1: the question for the password is above the dialog that asks", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "question"));
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await go("/users/new");
  const dialog = page.getByRole("dialog", { name: "New user" });
  await dialog.getByLabel("User name").fill("opal");
  await dialog
    .getByRole("textbox", { name: "Roles" })
    .or(dialog.getByRole("combobox", { name: "Roles" }))
    .first()
    .click();
  await page.getByRole("option", { name: "Operator" }).click();
  await page.keyboard.press("Escape");
  await dialog.getByLabel("Password", { exact: true }).fill("given-for-the-first-day");
  await dialog.getByLabel("Password again").fill("given-for-the-first-day");
  await program.bridge.refuseNext("User.Create", passwordNeeded);
  await dialog.getByRole("button", { name: "Create user" }).click();
  const question = page.getByRole("dialog", { name: "Your password" });
  const field = question.getByLabel("Password", { exact: true });
  await hasFocus(question);
  expect(await onTop(field)).toBe(true);
  expect(await onTop(dialog.getByLabel("User name"))).toBe(false);
  await keepsTab(question);
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "hidden" });
  expect(await dialog.getByLabel("User name").inputValue()).toBe("opal");
  await hasFocus(dialog);

  await program.bridge.refuseNext("User.Create", passwordNeeded);
  await dialog.getByRole("button", { name: "Create user" }).click();
  await field.fill("asha-opens-the-desk");
  await page.keyboard.press("Enter");
  await page.getByText("Created “opal”.").waitFor();
  await dialog.waitFor({ state: "hidden" });
});

test("S1: the palette is above a drawer, a question above the palette's screen, the lock above all", async ({
  onTestFailed,
}) => {
  onTestFailed(() => photographFailure(page, "lock"));
  await go("/setups");
  const row = page.getByRole("row", { name: /Twilio SMS/ }).first();
  await row.getByRole("button", { name: "Test" }).click();
  const drawer = page.getByRole("dialog", { name: /^Test “/ });
  await hasFocus(drawer);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to or do" });
  await hasFocus(palette);
  expect(await onTop(palette.getByRole("textbox"))).toBe(true);
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "hidden" });
  expect(await drawer.isVisible()).toBe(true);
  await hasFocus(drawer);

  // Locked with the drawer open: it can be neither read nor reached, and it is as it was afterwards.
  await page.keyboard.press("Control+k");
  await palette.getByRole("textbox").fill("Lock now");
  await palette.getByRole("button", { name: "Lock now" }).waitFor();
  await page.keyboard.press("Enter");
  const lock = page.locator("[data-locked]");
  const password = lock.getByLabel("Password", { exact: true });
  await password.waitFor();
  expect(await onTop(password)).toBe(true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  for (let count = 0; count < 8; count++) {
    // After its last field the Tab key leaves the page, and comes back to the lock.
    await page.keyboard.press("Tab");
    const inside = await lock.evaluate((each) => {
      const at = document.activeElement;
      return at === document.body || each.contains(at);
    });
    expect(inside).toBe(true);
  }
  expect(await palette.count()).toBe(0);
  await password.fill("asha-opens-the-desk");
  await password.press("Enter");
  await lock.waitFor({ state: "hidden" });
  expect(await drawer.isVisible()).toBe(true);
  await hasFocus(drawer);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "hidden" });
});

test("S1: leaving an unsaved form asks above the dialog that is open in it", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "leave"));
  await go("/setups/new");
  await page.getByRole("textbox", { name: "API URL" }).fill("https://api.example.com/unsaved");
  await page.getByRole("button", { name: "Paste an example" }).click();
  const dialog = page.getByRole("dialog", { name: "Paste an example" });
  await hasFocus(dialog);
  await go("/users");
  const question = page.getByRole("dialog", { name: /^Leave / });
  await hasFocus(question);
  expect(await onTop(question.getByRole("button", { name: "Stay" }))).toBe(true);
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "hidden" });
  await hasFocus(dialog);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.keyboard.press("Escape");
  await question.getByRole("button", { name: "Leave" }).click();
  await page
    .getByRole("row", { name: /Twilio SMS/ })
    .first()
    .waitFor();
});

test("S3: everybody lands on the first screen they may see; a refused address offers it", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "landing"));
  const dashboard = () => page.getByRole("heading", { level: 1, name: "Dashboard" }).waitFor();
  await go("/settings/security");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await signOut(page, "asha");

  // After a forced change of the password, too.
  await page.getByLabel("User name").fill("opal");
  await page.getByLabel("Password", { exact: true }).fill("given-for-the-first-day");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("Password you were given").fill("given-for-the-first-day");
  await page.getByLabel("New password", { exact: true }).fill("opal-has-chosen-this-one");
  await page.getByLabel("New password again").fill("opal-has-chosen-this-one");
  await page.getByRole("button", { name: "Change password" }).click();
  await dashboard();
  let now = "opal";
  for (const [name, password, refused] of [
    ["opal", "opal-has-chosen-this-one", "/settings/security"],
    ["meera", "meera-keeps-the-desk", "/users/new"],
    ["vera", "vera-reads-the-desk", "/activity"],
  ] as const) {
    if (name !== now) {
      await signOut(page, now);
      await signIn(page, name, password);
      now = name;
      await dashboard();
    }
    await go(refused);
    await page.getByText(/^Your role may not see /).waitFor();
    await page.getByRole("link", { name: "Go to Dashboard" }).click();
    await dashboard();
  }
  // A reload at such an address, as when somebody else was there before.
  await go("/settings/secrets");
  await page.getByText(/^Your role may not see /).waitFor();
  await page.reload();
  await dashboard();
});
