/** Steps that several browser tests share. They find everything by the labels that a person sees. */
import type { Locator, Page } from "playwright-core";

const admin = { name: "asha", password: "correct-horse-battery-9" };

/** Does the first run with the session's keyring and a starter tree, and returns the recovery code. */
export async function firstRun(page: Page, tree = "Orders"): Promise<string> {
  await page.getByLabel("Organisation").fill("Asha Clinic");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("User name").fill(admin.name);
  await page.getByLabel("Full name").fill("Asha Rao");
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await page.getByLabel("Password again").fill(admin.password);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Tried, works.").waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  const shown = page.getByRole("status", { name: "Recovery code" });
  await shown.waitFor();
  const code = (await shown.innerText()).trim();
  await page.getByLabel("Last four characters").fill(code.slice(-4));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: new RegExp(`^${tree}`) }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  return code;
}

export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
}

export async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("User name").waitFor();
}

/** Matches the name of an input by its label; the label of a required input ends in an asterisk. */
export function named(label: string): RegExp {
  return new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}( \\*)?$`);
}

/** Chooses an option of a dropdown by its text. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .getByRole("combobox", { name: named(label) })
    .or(page.getByRole("textbox", { name: named(label) }))
    .first()
    .click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** A time zone where it is between 9 in the morning and midnight now, on the day that it is in UTC. */
function zoneByDay(): string {
  const hour = new Date().getUTCHours();
  if (hour < 4) return "Asia/Tokyo";
  return hour < 18 ? "Asia/Kolkata" : "America/Los_Angeles";
}

/** Under Settings, Organisation: moves the office to where it is late enough for the alerts of the day. */
export async function moveToZoneByDay(page: Page): Promise<void> {
  const zone = page.getByLabel("Time zone").and(page.locator("input")).first();
  if ((await zone.inputValue()) === zoneByDay()) return;
  await zone.fill(zoneByDay());
  await page.getByRole("option", { name: zoneByDay() }).click();
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("The settings are saved.").first().waitFor();
}

/** In Generate an API Key: makes the key end today. */
export async function chooseToday(page: Page, form: Locator): Promise<void> {
  await form.getByRole("radiogroup", { name: "Expiration" }).getByText("Custom date", { exact: true }).click();
  await form.getByRole("button", { name: "Last day" }).click();
  const today = new Date().toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  await page.getByRole("button", { name: today, exact: true }).click();
}
