/** Steps that several browser tests share. They find everything by the labels that a person sees. */
import type { Page } from "playwright-core";

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
