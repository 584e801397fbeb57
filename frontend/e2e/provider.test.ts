/**
 * Providers are data: a user adds a provider that Keydesk does not ship, as a file, and uses it from the screen. The
 * fields are filled in, the setup is tested at the simulator without a network, the credential is checked, a refusal
 * with status 200 is told in the file's words, and the setup is saved and found in the list by the provider's name.
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

const secret = "qk_live_8841_canary";

/** The key in the query, an answer with bars, the account in the path: no provider that Keydesk ships is like this. */
const file = (base: string) => `format: 1
id: quokka-sms
version: 1
name: Quokka SMS
service: Quokka
account: quokka
channels: [sms]
marks: {badge: C, request: C, success: C, errors: C}
help: Sends an SMS through Quokka. The key is part of the address.
page: https://quokka.example/docs
fields:
  - {id: account, label: Account, help: Six digits., belongs: account, pattern: '[0-9]{6}', example: '104200'}
  - {id: key, label: Key, help: Under Settings at Quokka., belongs: account, secret: true}
  - {id: recipient, label: To, help: The number., belongs: message, kind: phone, example: '+919812345678'}
  - {id: message, label: Message, help: The text., belongs: message, kind: long_text, example: Hello}
recipient: recipient
request:
  method: POST
  url: ${base}/v2/{{account}}/send
  body: form
  auth: {type: api_key, name: key, value: '{{key}}', add_to: query}
  params:
    - {name: to, value: '{{recipient|digits}}'}
    - {name: text, value: '{{message}}'}
rows:
  - {id: tags, label: Tags, help: Shown in the report., kind: named, name_label: Tag, value_label: Value, name_pattern: '[a-z]+', name_example: city, example: Pune, max: 5, each: [{name: 'tag_{{row.name}}', value: '{{row.value}}'}]}
success:
  status: '200'
  conditions:
    - {from: text, path: '^OK\\|', test: present}
  message_id: {from: text, path: '^OK\\|([^|]+)'}
  error_code: {from: text, path: '^NO\\|([0-9]+)'}
errors:
  - {code: '12', words: the key is not known, do: Copy the key again from Quokka., field: key, mark: C}
probe:
  says: Reads the balance.
  mark: C
  request: {method: GET, url: '${base}/v2/{{account}}/balance', auth: {type: api_key, name: key, value: '{{key}}', add_to: query}}
  success: {status: '200', conditions: [{from: text, path: '^BALANCE\\|', test: present}], error_code: {from: text, path: '^NO\\|([0-9]+)'}}
simulator:
  accepted: {status: 200, body: 'OK|{{digits:8}}|1'}
  wrong_credentials: {status: 200, body: 'NO|12|key'}
not_documented: [bad_number, no_balance, throttled, slow, broken]
`;

const section = (name: string) => page.getByRole("region", { name, exact: true });

test("a user's own provider, from its file to a judged answer", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "provider"));
  await firstRun(page);

  // The file: a mistake is named, corrected, previewed and added.
  await page.getByRole("link", { name: "Providers" }).click();
  await page.getByRole("button", { name: "Add a provider" }).first().click();
  const paste = page.getByLabel("Or paste its text here");
  await paste.fill(file(server.url).replace("method: POST", "method: POST\n  metod: x"));
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("list", { name: "What is wrong" }).getByText("metod").waitFor();
  await page.getByRole("button", { name: "Back" }).click();
  await paste.fill(file(server.url));
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(server.url).first().waitFor();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("dialog", { name: "Quokka SMS" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  // The form: only its own fields are asked for.
  await page.evaluate(() => {
    location.hash = "/setups/new";
  });
  await page.getByRole("button", { name: "From a provider" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Quokka SMS/ })
    .click();
  await page.getByRole("textbox", { name: named("Account") }).fill("104200");
  await choose(page, "Process", "Orders");
  await choose(page, "Stages", "Every stage here");
  await expect
    .poll(() =>
      section("Message")
        .getByRole("textbox", { name: named("To") })
        .inputValue(),
    )
    .toMatch(/^\{\{/);
  await section("Message")
    .getByRole("textbox", { name: named("Message") })
    .fill("It’s ready 🙂");
  await page.getByText(/not in the SMS alphabet/).waitFor();
  await section("Message").getByRole("button", { name: "Add Row" }).click();
  await section("Message").getByRole("textbox", { name: "Tag, row 1" }).fill("city");
  await section("Message").getByRole("textbox", { name: "Value, row 1", exact: true }).fill("Pune & co");
  await page.getByText(/3 parameters, set by Quokka/).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  // Tested at the simulator before there is a key: nothing is sent, and the file's answers are played.
  await page.keyboard.press("Control+Enter");
  const drawer = page.getByRole("dialog", { name: "Test" });
  await drawer.getByRole("button", { name: "Test", exact: true }).click();
  await drawer.getByText("Accepted by Quokka. Not yet delivered.").waitFor();
  await drawer.getByText("The simulator found nothing wrong with the request.").waitFor();
  await drawer
    .getByRole("combobox", { name: "Answer to play" })
    .or(drawer.getByLabel("Answer to play"))
    .first()
    .click();
  await page.getByRole("option", { name: "Wrong credentials" }).click();
  await drawer.getByRole("button", { name: "Test", exact: true }).click();
  await drawer.getByText("Refused by Quokka: the key is not known (code 12).").waitFor();
  expect(server.received).toEqual([]);
  await drawer.getByRole("button", { name: "Go to Key" }).click();

  // The credential is asked for where it is missing; then answers of the provider make it invalid and valid.
  await page.getByRole("button", { name: "Check this credential" }).click();
  await section("Authentication Configuration").getByText("Enter Key.").waitFor();
  await page.getByRole("textbox", { name: named("Key") }).fill(secret);
  server.say(200, "NO|12|key", "text/plain");
  await page.getByRole("button", { name: "Check this credential" }).click();
  await section("Authentication Configuration").getByText("Invalid", { exact: true }).waitFor();
  server.say(200, "BALANCE|12.50", "text/plain");
  await page.getByRole("button", { name: "Check this credential" }).click();
  await section("Authentication Configuration").getByText("Valid", { exact: true }).waitFor();
  expect(server.received.map((each) => `${each.method} ${each.url}`)).toEqual([
    `GET /v2/104200/balance?key=${secret}`,
    `GET /v2/104200/balance?key=${secret}`,
  ]);

  // Saved, then sent to the provider itself: a refusal with status 200 is told in the file's words.
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("row", { name: /Quokka SMS/ }).waitFor();
  await page.getByPlaceholder("Search process, stage, URL …").fill("quokka");
  await page.getByText("1 setup", { exact: true }).waitFor();
  await page
    .getByRole("row", { name: /Quokka SMS/ })
    .getByRole("button", { name: "Test" })
    .click();
  const panel = page.getByRole("dialog", { name: /^Test/ });
  await panel.getByText("Quokka SMS", { exact: true }).click();
  server.received.length = 0;
  server.say(200, "NO|12|key", "text/plain");
  await panel.getByRole("button", { name: "Test", exact: true }).click();
  await panel.getByText("Refused by Quokka: the key is not known (code 12).").waitFor();
  server.say(200, "OK|20931|1", "text/plain");
  await panel.getByRole("button", { name: "Test", exact: true }).click();
  await panel.getByText("Accepted by Quokka. Not yet delivered.").waitFor();
  await panel.getByText("20931", { exact: true }).waitFor();
  expect(server.received).toHaveLength(2);
  const [call] = server.received;
  expect(call?.url).toBe(`/v2/104200/send?key=${secret}`);
  expect([...new URLSearchParams(call?.body)]).toEqual([
    ["to", "919812345678"],
    ["text", "It’s ready 🙂"],
    ["tag_city", "Pune & co"],
  ]);
  expect(await page.content()).not.toContain(secret);
  expect(await axeFindings(page)).toEqual([]);
});
