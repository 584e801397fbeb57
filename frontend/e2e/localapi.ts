/** The local API of the program under test, as another system calls it. */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { Page } from "playwright-core";

// biome-ignore lint/suspicious/noExplicitAny: Wails' methods are made at run time.
type Bound = any;

/** Lets the local API listen on a free port once it is on, since a program on this computer may use the usual one. */
export async function useFreePort(page: Page): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  await page.evaluate(async (free) => {
    const { LocalAPI, SaveLocalAPI } = (window as Bound).go.app.Organisation;
    const { settings, version } = await LocalAPI();
    await SaveLocalAPI({ settings: { ...settings, port: free }, version });
  }, port);
  return port;
}

/** Runs a line in a POSIX shell, as a person who pastes it. */
export async function runLine(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", line], { timeout: 20_000 });
  return stdout;
}

/** Asks `GET /v1/key` with the header of the guides, and returns status and answer. */
export async function whoAmI(port: number, key: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/key`, { headers: { Authorization: `x-api-key ${key}` } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Asks `POST /v1/calls` for the message of the demo office's orders that are shipped. */
export async function call(port: number, key: string, mode: string): Promise<{ status: number; body: unknown }> {
  const place = { process: "Orders", sub_process: "Delivery", sub_sub_process: "Home delivery", stage: "Shipped" };
  const fields = { Mobile: "+919812345678", "Customer name": "Asha Verma", "Order number": "4711" };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/calls`, {
    method: "POST",
    headers: { Authorization: `x-api-key ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ ...place, channel: "sms", fields, mode }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** What is on the clipboard of the display. */
export function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => (window as Bound).runtime.ClipboardGetText());
}
