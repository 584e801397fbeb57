/**
 * The real program for a browser test: the dev build on a temporary data folder, Debian's Chromium, and a local server
 * that records what it receives. KEYDESK_DEV_BINARY is the path of the program.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type Bridge, holdBridge } from "./bridge";

/** Switches with which Chromium starts without a network and as root. */
const switches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Program {
  page: Page;
  bridge: Bridge;
  context: BrowserContext;
  folder: string;
  /** Loads the page again. */
  open: () => Promise<void>;
  stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts the program and a browser. `args` are the program's arguments. */
export async function startProgram(
  options: { args?: string[]; dark?: boolean; width?: number; height?: number } = {},
): Promise<Program> {
  const binary = process.env.KEYDESK_DEV_BINARY;
  if (!binary) throw new Error("KEYDESK_DEV_BINARY does not name the dev build; run: make test");
  const folder = mkdtempSync(join(tmpdir(), "keydesk-e2e-"));
  const port = await freePort();
  const words = options.args ?? ["--data", join(folder, "data")];
  const child = spawn(binary, words, {
    env: { ...process.env, devserver: `127.0.0.1:${port}` },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr?.on("data", (chunk) => {
    log += chunk;
  });
  const url = `http://127.0.0.1:${port}/`;
  await answers(url, child, () => log);
  const browser: Browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: switches });
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const bridge = await holdBridge(page);
  page.on("pageerror", (error) => {
    // Wails' overlay for the dev build fails without its own page; any other error is ours.
    if (!String(error.stack).includes("ipc.js")) troubles.push(String(error));
  });
  const troubles: string[] = [];
  const open = async () => {
    await page.goto(url);
  };
  await open();
  return {
    page,
    bridge,
    context,
    folder,
    open,
    stop: async () => {
      await browser.close();
      child.kill("SIGTERM");
      await new Promise<void>((done) => {
        const hard = setTimeout(() => child.kill("SIGKILL"), 15_000);
        child.once("exit", () => {
          clearTimeout(hard);
          done();
        });
        if (child.exitCode !== null || child.signalCode !== null) {
          clearTimeout(hard);
          done();
        }
      });
      rmSync(folder, { recursive: true, force: true });
      if (troubles.length > 0) throw new Error(`the page broke: ${troubles.join("; ")}`);
    },
  };
}

async function answers(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the program ended by itself:\n${log()}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the program did not answer:\n${log()}`);
}

interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answering {
  url: string;
  received: Received[];
  /** Sets the answer to the next requests. */
  say: (status: number, body: string, type?: string) => void;
  stop: () => Promise<void>;
}

/** Starts a local HTTP server that records requests and answers as told. */
export async function startAnswering(): Promise<Answering> {
  const received: Received[] = [];
  let answer = { status: 200, body: "{}", type: "application/json" };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      response.writeHead(answer.status, { "Content-Type": answer.type });
      response.end(answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    say: (status, body, type = "application/json") => {
      answer = { status, body, type };
    },
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Returns the serious findings of axe on the present screen, as sentences. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    // A colour that is on its way from one state to another is neither of them.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.race([
      Promise.allSettled(moving.map((each) => each.finished)),
      new Promise((late) => setTimeout(late, 2000)),
    ]);
    // biome-ignore lint/suspicious/noExplicitAny: axe is a property of window.
    const { violations } = await (window as any).axe.run(document);
    return violations
      .filter((each: { impact: string }) => each.impact === "serious" || each.impact === "critical")
      .map(
        (each: { id: string; help: string; nodes: { html: string }[] }) =>
          `${each.id}: ${each.help} (${each.nodes
            .slice(0, 3)
            .map((node) => node.html.slice(0, 160))
            .join(" | ")})`,
      );
  });
}

/** Takes a picture of a page whose test failed, if KEYDESK_E2E_PICTURES names a folder for it. */
export async function photographFailure(page: Page, name: string): Promise<void> {
  const folder = process.env.KEYDESK_E2E_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
