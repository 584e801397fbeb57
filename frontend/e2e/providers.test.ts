/**
 * A provider that Keydesk does not ship: a person adds it as a file, chooses it in a setup, tests, replaces and removes
 * it. Everything is done on the screen, by visible label and role, against the real program and a real server.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { choose, firstRun, named } from "./office";
import { type Answering, axeFindings, type Program, photographFailure, startAnswering, startProgram } from "./program";

let program: Program;
let server: Answering;
let page: Page;

beforeAll(async () => {
  server = await startAnswering();
  program = await startProgram();
  page = program.page;
  page.setDefaultTimeout(10_000);
});
afterAll(async () => {
  await program?.stop();
  await server?.stop();
});

/** A provider whose answers have bars and whose key is in a custom header. */
const file = (name: string, version: number) => `format: 1
id: birch-sms
version: ${version}
name: ${name}
service: Birch
account: birch
channels: [sms]
marks: {badge: C, request: C, success: C, errors: C}
help: Sends through Birch, the office's own gateway.
page: https://birch.example/docs
fields:
  - {id: key, label: Birch key, belongs: account, secret: true}
  - {id: recipient, label: Birch number, kind: phone, belongs: message, example: '+919812345678'}
  - {id: message, label: Birch text, belongs: message, example: Hello}
recipient: recipient
request:
  method: GET
  url: ${server.url}/birch
  auth: {type: api_key, name: X-Birch, value: '{{key}}', add_to: header}
  params:
    - {name: nr, value: '{{recipient|digits}}'}
    - {name: msg, value: '{{message}}'}
success:
  status: '200'
  conditions:
    - {from: text, path: '^OK\\|', test: present}
  message_id: {from: text, path: '^OK\\|([^|]+)'}
  error_code: {from: text, path: '^ERR\\|([0-9]+)'}
errors:
  - {code: '7', words: wrong key, do: Check the key., field: key, mark: C}
not_documented: [no_balance, throttled, probe]
simulator:
  accepted: {status: 200, body: 'OK|{{digits:9}}|1'}
  wrong_credentials: {status: 200, body: 'ERR|7|key'}
  bad_number: {status: 200, body: 'ERR|9|number'}
  slow: {like: accepted, delay_ms: 100}
  broken: {status: 200, body: '<html>'}
`;

const dialog = () => page.getByRole("dialog").last();
const rows = () => page.getByRole("row").filter({ has: page.getByRole("gridcell") });
const closeDrawer = async () => {
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
};
const paste = async (text: string) => {
  await page.getByLabel("Or paste its text here").fill(text);
  await dialog().getByRole("button", { name: "Preview" }).click();
};

test("a person's own provider is added as a file and used from the screen", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "providers"));
  server.say(200, "OK|b-17|1", "text/plain");
  await firstRun(page);

  // A file with a mistake is refused with line and reason, and nothing is added.
  await page.getByRole("link", { name: "Providers" }).click();
  await page.getByText("20 providers").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Add a provider" }).click();
  await paste(file("Birch SMS", 1).replace("channels: [sms]", "channels: [fax]"));
  await dialog().getByText("Line 7").waitFor();
  await dialog()
    .getByText(/The channel "fax" is not one of/)
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await dialog().getByRole("button", { name: "Back" }).click();

  // A good file says where keys will be sent, and is then added.
  await paste(file("Birch SMS", 1));
  await dialog().getByText("Keys typed for this provider are sent to:").waitFor();
  await dialog().getByText(`${server.url}`).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await dialog().getByRole("button", { name: "Add", exact: true }).click();
  await dialog().getByText("Sends through Birch, the office's own gateway.").waitFor();
  await closeDrawer();
  await page.getByText("21 providers").waitFor();

  // It can be chosen in a setup, with its own fields.
  await page.getByRole("link", { name: "API Key Setup" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).first().click();
  await page.getByRole("heading", { name: "New API Key Setup" }).waitFor();
  await choose(page, "Process", "Orders");
  await choose(page, "Provider", "Birch SMS");
  await page.getByLabel(named("Birch key")).fill("birch-secret-1");
  await page.getByLabel(named("Birch number")).fill("+919812345678");
  await page.getByLabel(named("Birch text")).fill("Shipped");
  await page.getByRole("button", { name: "Test", exact: true }).first().click();
  await dialog().getByRole("button", { name: "Test", exact: true }).click();
  await page
    .getByText(/Accepted by Birch/)
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await rows().first().waitFor();
  expect(await rows().first().innerText()).toContain("Birch SMS");

  // A newer file renames it, also in the list of setups and its search.
  await page.getByRole("link", { name: "Providers" }).click();
  await choose(page, "From", "Your own");
  await rows().first().click();
  await dialog().getByText("1 setup", { exact: true }).waitFor();
  await dialog().getByRole("button", { name: "Replace" }).click();
  await paste(file("Zelkova Messages", 2));
  await dialog().getByText("2, replaces version 1").waitFor();
  await dialog().getByRole("button", { name: "Replace" }).click();
  await page.getByRole("dialog", { name: "Zelkova Messages" }).waitFor();
  await closeDrawer();
  await page.getByRole("link", { name: "API Key Setup" }).click();
  await page.getByPlaceholder(/^Search process/).fill("zelkova");
  await page.locator("mark").first().waitFor();
  expect(await rows().first().innerText()).toContain("Zelkova Messages");

  // Removing asks first and says what follows; the setup stays.
  await page.getByRole("link", { name: "Providers" }).click();
  await rows().filter({ hasText: "Zelkova" }).click();
  await dialog().getByRole("button", { name: "Remove" }).click();
  await dialog()
    .getByText(/1 setup uses it\. It keeps its request/)
    .waitFor();
  await dialog().getByRole("button", { name: "Remove" }).click();
  await page.getByText("20 providers").waitFor();
  await page.getByRole("link", { name: "API Key Setup" }).click();
  await rows().filter({ hasText: "Zelkova Messages" }).waitFor();
  await page.getByRole("link", { name: "Activity" }).click();
  await page
    .getByText(/removed the provider/)
    .first()
    .waitFor();
});
