/** The smallest window, 1024 x 700 (A50; UI.md, Looks): every list is fully visible, and axe finds nothing serious. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeFindings, type Program, photographFailure, startProgram } from "./program";

let program: Program;
beforeAll(async () => {
  program = await startProgram({ args: ["--demo"], width: 1024, height: 700 });
  program.page.setDefaultTimeout(10_000);
});
afterAll(() => program?.stop());

/** How far a list could be scrolled sideways, in pixels. */
const sideways = () =>
  program.page.getByRole("grid").evaluate((grid) => Math.max(0, grid.scrollWidth - grid.clientWidth));

test("every list shows all its columns and actions next to the rail", async ({ onTestFailed }) => {
  const { page } = program;
  onTestFailed(() => photographFailure(page, "narrow"));
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await page.getByRole("heading", { level: 1, name: "Dashboard" }).waitFor();
  const railOverflows = await page
    .getByRole("navigation", { name: "Main" })
    .evaluate((rail) => rail.scrollHeight - rail.clientHeight);
  expect(railOverflows, "the rail shows every entry without scrolling").toBe(0);
  await page.getByRole("link", { name: "API Key Setup", exact: true }).click();
  // The simulator's results are the longest.
  await page.getByRole("button", { name: "More actions" }).click();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("menuitem", { name: "Test all …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Test all" }).click();
  await page.getByText("10 setups were fired").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();

  for (const name of ["API Key Setup", "Users & Roles", "Activity", "Calls", "Providers"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.getByRole("gridcell").first().waitFor();
    expect(await sideways(), name).toBe(0);
    expect(await axeFindings(page), name).toEqual([]);
  }
  // The last result says that it was simulated, even where only an icon is visible.
  await page.getByRole("link", { name: "API Key Setup", exact: true }).click();
  const simulated = page.getByRole("gridcell").filter({ hasText: "simulated, " });
  await simulated.first().waitFor();
  expect(await simulated.count()).toBe(6);
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  for (const name of ["Organisation", "Security", "Local API", "Secrets", "Retention", "About"]) {
    await page.getByRole("tab", { name, exact: true }).click();
    await page.getByRole("tabpanel", { name, exact: true }).waitFor();
    await program.bridge.quiet();
    expect(await axeFindings(page), name).toEqual([]);
    const cut = await page
      .getByRole("main")
      .evaluate((main) => Math.max(...[main, ...main.children].map((each) => each.scrollWidth - each.clientWidth)));
    expect(cut, name).toBe(0);
  }
  await page.getByRole("link", { name: "Processes", exact: true }).click();
  await page.getByRole("treeitem", { name: /^Orders, / }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

test("our style sheets come after the library's, which they change", async () => {
  const { page } = program;
  const search = page.getByRole("button", { name: /^Go to or do/ });
  expect(await search.evaluate((button) => getComputedStyle(button).borderTopWidth)).toBe("1px");
});

test("the rail's search opens the palette and has its name", async () => {
  const { page } = program;
  await page.getByRole("button", { name: /^Go to or do/ }).click();
  await page.getByRole("dialog", { name: "Go to or do" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

test("a refusal in the list or in the history leads to the input to change (R8)", async ({ onTestFailed }) => {
  const { page } = program;
  onTestFailed(() => photographFailure(page, "to-field"));
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "API Key Setup", exact: true }).click();
  const row = page.getByRole("row", { name: /Twilio SMS/ }).first();
  await row.getByRole("button", { name: "Test" }).click();
  const drawer = page.getByRole("dialog");
  await drawer
    .getByRole("combobox", { name: "Answer to play" })
    .or(drawer.getByLabel("Answer to play"))
    .first()
    .click();
  await page.getByRole("option", { name: /wrong credential/i }).click();
  await drawer.getByRole("button", { name: "Test", exact: true }).click();
  const arrived = async () => {
    await page.getByRole("heading", { level: 1, name: "Edit API Key Setup" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest("#setup-auth"));
    expect(new URL(page.url()).hash).not.toContain("?");
  };
  await drawer.getByRole("button", { name: /^Go to Auth/ }).click();
  await arrived();

  await page.getByRole("link", { name: "Calls", exact: true }).click();
  await page.getByRole("gridcell").first().click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Go to Auth/ })
    .click();
  await arrived();
});

test("the list of API keys shows all its columns, and its calendar is named and readable", async ({ onTestFailed }) => {
  const { page } = program;
  onTestFailed(() => photographFailure(page, "narrow-keys"));
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: Wails' methods are made at run time.
    const { Create, Revoke } = (window as any).go.app.Apikey;
    const grants = { scopes: ["calls:send"], places: [], channels: [], live_per_day: 0, sources: [], per_minute: 0 };
    for (const [at, days] of [90, 5, 400].entries()) {
      const title = [
        "Integration with CRM",
        "Zahlungsverkehrsabwicklung Nord",
        "\u092d\u0941\u0917\u0924\u093e\u0928 \u0917\u0947\u091f\u0935\u0947",
      ][at];
      const made = await Create({ request_id: `n${at}`, title, expires: { days, date: "", never: false }, grants });
      if (at === 2) await Revoke({ id: made.key.id });
    }
  });
  for (const name of ["API Secret Manager", "API Keys"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.getByRole("gridcell").first().waitFor();
    expect(await sideways(), name).toBe(0);
    // No date, status or mask is cut; a long title may be.
    const cut = await page
      .getByRole("gridcell")
      .evaluateAll((cells) =>
        cells
          .filter((cell) => cell.scrollWidth > cell.clientWidth && !cell.matches(":first-child"))
          .map((cell) => cell.textContent),
      );
    expect(cut, name).toEqual([]);
    expect(await axeFindings(page), name).toEqual([]);
  }
  await page.getByRole("button", { name: "Create API Key" }).click();
  await page.getByRole("radiogroup", { name: "Expiration" }).getByText("Custom date").click();
  await page.getByRole("button", { name: "Last day" }).click();
  await page.getByRole("button", { name: "Next month" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  // Escape closes one thing after the other: the calendar, then the form, which has asked for a day.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Next month" }).waitFor({ state: "detached" });
  await page.getByRole("dialog", { name: "Generate an API Key" }).waitFor();

  // The calendar of Activity is the same.
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await page.getByRole("link", { name: "Activity", exact: true }).click();
  await page.getByRole("button", { name: /^Dates/ }).click();
  await page.getByRole("button", { name: "Previous month" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

test("with text at 125 % the entry of the screen is in sight in the navigation", async ({ onTestFailed }) => {
  const { page } = program;
  onTestFailed(() => photographFailure(page, "narrow-large"));
  await page.getByRole("link", { name: "Processes", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Processes" }).waitFor();
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "125%";
  });
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Go to or do" }).getByRole("textbox").fill("Integration");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Integration/ })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Integration" }).waitFor();
  const inSight = () =>
    page.getByRole("link", { name: "Integration", exact: true }).evaluate((link) => {
      const { top, bottom } = link.getBoundingClientRect();
      const room = link.closest("nav")?.getBoundingClientRect();
      return room !== undefined && top >= room.top && bottom <= room.bottom + 1;
    });
  await expect.poll(inSight).toBe(true);
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "";
  });
});
