/**
 * The dashboard in a new office (C08, H07, product.md 13): what to do first, then what needs attention, and figures that
 * equal the calls made, as a picture and as a table, with the keyboard alone.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { choose, firstRun, signIn, signOut } from "./office";
import { type Answering, axeFindings, type Program, photographFailure, startAnswering, startProgram } from "./program";

// biome-ignore lint/suspicious/noExplicitAny: Wails' methods are made at run time.
type Bound = any;

let program: Program;
let page: Page;
let server: Answering;
const troubles: string[] = [];

beforeAll(async () => {
  server = await startAnswering();
  program = await startProgram();
  page = program.page;
  page.setDefaultTimeout(10_000);
  page.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) troubles.push(message.text());
  });
});
afterAll(async () => {
  await program?.stop();
  await server?.stop();
});

const part = (name: string | RegExp) => page.getByRole("region", { name });
const calls = () => part(/^Calls in the last 30 days/);
const picture = () => calls().getByRole("img", { name: /^(Live calls|Tests): / });

/** The page looks again after 5 s at most. */
const patient = { timeout: 15_000 };

/** The figures in words above the picture. */
const legend = (): Promise<Record<string, number>> =>
  calls()
    .locator("dl > div")
    .evaluateAll((parts) =>
      Object.fromEntries(
        parts.map((each) => [
          each.querySelector("dt")?.textContent?.toLowerCase(),
          Number(each.querySelector("dd")?.textContent?.replaceAll(",", "")),
        ]),
      ),
    );

/** How many calls the history has, by verdict. */
const history = (mode: string): Promise<Record<string, number>> =>
  page.evaluate(async (mode) => {
    const { List } = (window as Bound).go.app.Call;
    const counts: Record<string, number> = {};
    for (const verdict of ["accepted", "unclear", "throttled", "refused", "failed"]) {
      counts[verdict] = (await List({ mode, verdict, limit: 1 })).count;
    }
    return counts;
  }, mode);

/** Tests the only setup, or sends for its place, as often as said. */
const make = (what: "Test" | "Send", times: number) =>
  page.evaluate(
    async ({ what, times }) => {
      const { Call, Process, Setup } = (window as Bound).go.app;
      const place_id = (await Process.Tree()).places.find((each: { name: string }) => each.name === "Orders").id;
      const [setup] = (await Setup.List({ limit: 1 })).rows;
      for (let count = 0; count < times; count++) {
        const input = what === "Test" ? { setup_id: setup.id } : { place_id, channel: "sms" };
        await Call[what]({ ...input, source: {}, record: {}, confirmed: true });
      }
    },
    { what, times },
  );

/** The rows of the table, with their figures. */
const table = () =>
  page
    .getByRole("region", { name: /by day$/ })
    .locator("tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent?.replaceAll(",", "") ?? "")),
    );

const expectNothingSerious = async (where: string) => {
  await program.bridge.quiet();
  expect(await axeFindings(page), where).toEqual([]);
};

test("H07: a new office reads what to do first, and sees no empty picture", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "dashboard-empty"));
  await firstRun(page);
  await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();
  const first = part("Getting started");
  await first.getByText("Make a process").waitFor();
  expect(await first.getByRole("listitem").count()).toBe(3);
  // They are here once, and not beside the navigation as well.
  expect(await page.getByText("Getting started").count()).toBe(1);
  expect(await page.getByRole("region").count()).toBe(5); // four groups of the navigation, and this
  await expectNothingSerious("empty");

  await first.getByRole("link", { name: "Describe an API call" }).click();
  await page.getByRole("heading", { name: "New API Key Setup" }).waitFor();
  await choose(page, "Process", "Orders");
  await page.getByLabel("API URL").fill(`${server.url}/send`);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("gridcell", { name: "NoAuth" }).waitFor();
  await page.getByRole("link", { name: "Dashboard" }).click();
  await part("Getting started").getByRole("link", { name: "Test it" }).waitFor();
});

test("H07: the figures equal the calls made, as a picture and as a table", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "dashboard-figures"));
  const made = { accepted: 7, unclear: 2, throttled: 1, refused: 3, failed: 2 };
  await make("Test", 2);
  await calls().waitFor();
  await part("Getting started").waitFor({ state: "detached" });
  // An office that has only tested sees its tests.
  await expect.poll(legend, patient).toEqual({ accepted: 2, unclear: 0, throttled: 0, refused: 0, failed: 0 });
  await calls().getByText("Live", { exact: true }).click();
  await calls().getByText("No live calls on these days.").waitFor();

  for (const [status, times] of [
    [200, made.accepted],
    [500, made.unclear],
    [429, made.throttled],
    [401, made.refused],
  ] as const) {
    server.say(status, "{}");
    await make("Send", times);
  }
  await server.stop();
  await make("Send", made.failed);
  // Nobody presses anything: what happens is seen by itself.
  await expect.poll(legend, patient).toEqual(made);
  expect(await history("live")).toEqual(made);
  expect(await history("test")).toEqual({ accepted: 2, unclear: 0, throttled: 0, refused: 0, failed: 0 });
  await part(/^Busiest stages/)
    .getByRole("row", { name: /Orders/ })
    .getByRole("cell", { name: "15" })
    .waitFor();

  // The picture: each part of today's bar is as high as its figure, and has a pattern of its own.
  expect(await picture().getAttribute("aria-label")).toMatch(
    /^Live calls: 15 calls in 30 days, 7 accepted, 2 unclear, 1 throttled, 3 refused, 2 failed\. Most on /,
  );
  const drawn = await picture()
    .locator(".recharts-bar-rectangle path")
    .evaluateAll((bars) =>
      bars.map((bar) => {
        const fill = bar.getAttribute("fill") ?? "";
        const pattern = document.querySelector(fill.slice(4, -1));
        return {
          verdict: fill.slice(fill.lastIndexOf("-") + 1, -1),
          mark: pattern?.lastElementChild?.getAttribute("d"),
          height: (bar as SVGGraphicsElement).getBBox().height,
        };
      }),
    );
  expect(new Set(drawn.map(({ mark }) => mark)).size).toBe(5);
  const oneCall = (drawn.find(({ verdict }) => verdict === "accepted")?.height ?? 0) / made.accepted;
  expect(oneCall).toBeGreaterThan(5);
  for (const { verdict, height } of drawn) {
    expect(height / oneCall, verdict).toBeCloseTo(made[verdict as keyof typeof made], 1);
  }
  const last = await picture().boundingBox();
  if (last) await page.mouse.move(last.x + last.width - 16, last.y + last.height / 2);
  const tip = picture().locator(".recharts-tooltip-wrapper");
  await tip.getByText("Failed").waitFor();
  expect((await tip.innerText()).replace(/\s+/g, " ")).toMatch(
    /Failed 2 Refused 3 Throttled 1 Unclear 2 Accepted 7 All 15$/,
  );

  // The table, with the keyboard alone.
  await page.getByRole("heading", { name: "Dashboard", level: 1 }).focus();
  const focused = () => page.evaluate(() => (document.activeElement as HTMLInputElement).value);
  for (let tabs = 0; (await focused()) !== "picture" && tabs < 20; tabs++) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  const scroller = page.getByRole("region", { name: "Live calls by day" });
  await scroller.waitFor();
  await page.keyboard.press("Tab");
  expect(await scroller.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("End");
  await expect.poll(() => scroller.evaluate((element) => element.scrollTop)).toBeGreaterThan(100);
  const rows = await table();
  expect(rows[0]).toEqual(["Day", "Accepted", "Unclear", "Throttled", "Refused", "Failed", "All"]);
  expect(rows).toHaveLength(32);
  expect(rows[1]?.slice(1)).toEqual(["7", "2", "1", "3", "2", "15"]);
  expect(rows[31]?.slice(1)).toEqual(["7", "2", "1", "3", "2", "15"]);
});

test("H07: what needs attention has the button that fixes it", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "dashboard-attention"));
  await page.evaluate(() =>
    (window as Bound).go.app.Apikey.Create({
      request_id: "dashboard-1",
      title: "Web shop",
      expires: { days: 10 },
      grants: { scopes: ["calls:simulate"], places: [], channels: [], sources: [] },
    }),
  );
  const needed = part("Needs attention");
  await needed.getByText(/The API key “Web shop” expires in (9|10) days/).waitFor();
  await part("API keys")
    .getByRole("row", { name: /Expiring/ })
    .getByRole("cell", { name: "1" })
    .waitFor();
  await needed.getByRole("link", { name: "Replace … “Web shop”" }).click();
  await page.getByRole("dialog", { name: "Replace “Web shop”" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Web shop", exact: true }).getByRole("button", { name: "Close" }).click();

  await page.getByRole("link", { name: "Dashboard" }).click();
  await needed.getByText(/The last call of “Orders.*” failed/).waitFor();
  await needed.getByRole("link", { name: /^Test “Orders/ }).click();
  const panel = page.getByRole("dialog", { name: /^Test “/ });
  await panel.getByRole("button", { name: "Test", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "API Key Setup", level: 1 }).waitFor();

  await page.getByRole("link", { name: "Dashboard" }).click();
  await part(/^Busiest stages/)
    .getByRole("link", { name: /Orders/ })
    .click();
  await page.getByRole("button", { name: "Show all places" }).waitFor();
  await page.getByText("1 setup", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Dashboard" }).click();
  await part("API keys").getByRole("link", { name: "Expiring" }).click();
  await page.getByText("1 key", { exact: true }).waitFor();
});

test("H07: while it refreshes nothing jumps, and the focus stays", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "dashboard-refresh"));
  await page.getByRole("link", { name: "Dashboard" }).click();
  await picture().waitFor();
  const setups = part(/^Busiest stages/).getByRole("link", { name: /Orders/ });
  await setups.focus();
  const where = async () => JSON.stringify(await setups.boundingBox());
  const before = await where();
  const { failed = 0 } = await legend();
  await make("Send", 3);
  await expect.poll(async () => (await legend()).failed, patient).toBe(failed + 3);
  expect(await where()).toBe(before);
  expect(await setups.evaluate((element) => element === document.activeElement)).toBe(true);
});

test("product.md 13: it is readable in dark, in the smallest window, and with large text", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "dashboard-looks"));
  const screen = page.getByRole("main");
  const sideways = () =>
    screen.evaluate((main) => Math.max(...[main, ...main.children].map((each) => each.scrollWidth - each.clientWidth)));
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height, size] of [
      [1440, 900, ""],
      [1024, 700, ""],
      [1024, 700, "125%"],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, size);
      for (const view of ["Picture", "Table"]) {
        await calls().getByText(view, { exact: true }).click();
        await (view === "Table" ? page.getByRole("region", { name: /by day$/ }) : picture()).waitFor();
        const where = `${colorScheme} ${width} ${size} ${view}`;
        await expectNothingSerious(where);
        expect(await sideways(), where).toBe(0);
      }
    }
  }
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "";
  });
  await page.emulateMedia({ colorScheme: "light" });
  expect(troubles, "the content security policy refuses nothing of the picture").toEqual([]);
});

test("C08: a role that may see no part of it lands on its own first screen", async ({ onTestFailed }) => {
  onTestFailed(() => photographFailure(page, "dashboard-roles"));
  await page.evaluate(async () => {
    const { User } = (window as Bound).go.app;
    const role = await User.CreateRole({ name: "Planner", permissions: ["process.view"] });
    await User.Create({ name: "paul", full_name: "", password: "given-for-the-first-day", role_ids: [role.id] });
  });
  await signOut(page, "asha");
  await page.getByLabel("User name").fill("paul");
  await page.getByLabel("Password", { exact: true }).fill("given-for-the-first-day");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("Password you were given").fill("given-for-the-first-day");
  await page.getByLabel("New password", { exact: true }).fill("paul-has-chosen-this-one");
  await page.getByLabel("New password again").fill("paul-has-chosen-this-one");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("heading", { name: "Processes", level: 1 }).waitFor();
  expect(await page.getByRole("link", { name: "Dashboard" }).count()).toBe(0);
  await page.evaluate(() => {
    location.hash = "/dashboard";
  });
  await page.getByText("Your role may not see Dashboard.").waitFor();
  await signOut(page, "paul");
  await signIn(page, "asha", "correct-horse-battery-9");
  await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();
});
