/** The bell and the list of alerts (C29; UI.md, Alerts on screen). */
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Permission } from "../bridge/operation";
import { invalidate } from "../bridge/query";
import { fakeDoor, fakeGo, signedIn } from "../testing/bridge";
import { axeFindings, renderInShell } from "../testing/render";
import { user } from "../testing/user";
import { endText } from "./AlertList";
import { Frame } from "./Frame";

const day = 86_400_000;

const alert = (seq: number, more: object = {}) => ({
  id: `a${seq}`,
  seq,
  at_ms: Date.now() - day,
  kind: "key",
  object_id: `k${seq}`,
  object: `Key ${seq}`,
  ends_ms: Date.now() + 2 * day,
  last_day: "2026-03-31",
  lead_days: 3,
  days_left: 3,
  message: "",
  call_id: "",
  ...more,
});

function open(stored: ReturnType<typeof alert>[], seen: number, rights: Permission[] = ["apikey.view"]) {
  let seenSeq = seen;
  const go = fakeGo({
    "Organisation.Steps": () => [],
    "Organisation.Running": () => ({ local_api: false, port: 7373, problem: "", paused: false }),
    "Alert.List": ({ before, limit }: { before: number; limit: number }) => {
      const rest = stored.filter(({ seq }) => before === 0 || seq < before);
      return {
        alerts: rest.slice(0, limit),
        more: rest.length > limit,
        unseen: stored.filter(({ seq }) => seq > seenSeq).length,
        seen_seq: seenSeq,
      };
    },
    "Alert.Seen": ({ seq }: { seq: number }) => {
      seenSeq = Math.max(seenSeq, seq);
      return {};
    },
  });
  const session = signedIn(rights);
  const { client } = renderInShell(
    <Frame entries={[]} door={fakeDoor(session)} onSession={() => {}}>
      <p>screen</p>
    </Frame>,
    { session },
  );
  return { go, client };
}

test("C29: the bell counts unread alerts, and its list says what ends, when, and what became of the message", async () => {
  const { go } = open(
    [
      alert(3, { object: "Shop", message: "accepted", call_id: "call-1" }),
      alert(2, { object: "CRM", lead_days: -1, days_left: 0, ends_ms: Date.now() - day, message: "not_sent" }),
      alert(1, { object: "Old" }),
    ],
    1,
  );
  await user.click(await screen.findByRole("button", { name: "Alerts, 2 unread" }));
  const list = within(await screen.findByRole("dialog", { name: "Alerts" }));
  const lines = (await list.findAllByRole("listitem")).map((line) => line.textContent);
  expect(lines).toEqual([
    expect.stringMatching(/^NewAPI key Shop expires on 31 March 2026, 3 days after this alert\..*Message sent$/),
    expect.stringMatching(/^NewAPI key CRM has expired, on 31 March 2026\..*The message could not be sent$/),
    expect.stringMatching(/^API key Old expires on 31 March 2026/),
  ]);
  expect(list.getByRole("link", { name: "Shop" }).getAttribute("href")).toBe("#/keys/k3");
  expect(list.getByRole("link", { name: "Message sent" }).getAttribute("href")).toBe("#/calls/call-1");
  // They are read, and stay marked as new until the list is closed.
  await waitFor(() => expect(go.inputs("Alert.Seen")).toEqual([{ seq: 3 }]));
  await waitFor(() => expect(screen.getByRole("button", { name: "Alerts", hidden: true })).toBeTruthy());
  expect(list.getAllByText("New")).toHaveLength(2);
  expect(await axeFindings()).toEqual([]);
  await user.keyboard("{Escape}");
  await user.click(await screen.findByRole("button", { name: "Alerts" }));
  const again = within(await screen.findByRole("dialog", { name: "Alerts" }));
  await again.findByText("Shop");
  expect(again.queryByText("New")).toBeNull();
  expect(go.inputs("Alert.Seen")).toHaveLength(1);
});

test("an alert that comes while the window is open is counted, and one that comes into the open list is read", async () => {
  const stored = [alert(1)];
  const { go, client } = open(stored, 1);
  await user.click(await screen.findByRole("button", { name: "Alerts" }));
  const list = within(await screen.findByRole("dialog", { name: "Alerts" }));
  await list.findByText("Key 1");
  stored.unshift(alert(2));
  await act(() => invalidate(client, "alert"));
  await list.findByText("Key 2");
  await waitFor(() => expect(go.inputs("Alert.Seen")).toEqual([{ seq: 2 }]));
  await user.keyboard("{Escape}");
  stored.unshift(alert(3));
  await act(() => invalidate(client, "alert"));
  await screen.findByRole("button", { name: "Alerts, 1 unread" });
});

test("older alerts are read page by page; without any the list says when Keydesk warns", async () => {
  const many = Array.from({ length: 45 }, (_, n) => alert(45 - n));
  open(many, 45);
  await user.click(await screen.findByRole("button", { name: "Alerts" }));
  const list = within(await screen.findByRole("dialog", { name: "Alerts" }));
  await waitFor(() => expect(list.getAllByRole("listitem")).toHaveLength(30));
  await user.click(list.getByRole("button", { name: "Show older" }));
  await waitFor(() => expect(list.getAllByRole("listitem")).toHaveLength(45));
  expect(list.queryByRole("button", { name: "Show older" })).toBeNull();
});

test("an empty list says when Keydesk warns, and who may change it finds where", async () => {
  open([], 0, ["apikey.view", "settings.manage"]);
  await user.click(await screen.findByRole("button", { name: "Alerts" }));
  const list = within(await screen.findByRole("dialog", { name: "Alerts" }));
  await list.findByText("No alerts.");
  expect(list.getByRole("link", { name: "Where alerts go" }).getAttribute("href")).toBe("#/settings/alerts");
});

test("who may not see API keys has no bell, and nothing is asked for", async () => {
  const { go } = open([alert(1)], 0, ["setup.view"]);
  await screen.findByText("screen");
  expect(screen.queryByRole("button", { name: /Alerts/ })).toBeNull();
  expect(go.inputs("Alert.List")).toEqual([]);
});

test("what an alert says stays true when it is read later", () => {
  const at = (more: object, now: number) => endText({ ...alert(1, more) } as never, now);
  const ends_ms = new Date("2026-03-31T17:00:00").getTime();
  expect(at({ ends_ms, days_left: 1 }, ends_ms - 1)).toBe("expires on 31 March 2026, 1 day after this alert.");
  expect(at({ ends_ms, lead_days: 0, days_left: 0 }, ends_ms - 1)).toBe(
    "expires on 31 March 2026, the day of this alert.",
  );
  expect(at({ ends_ms, days_left: 14 }, ends_ms)).toBe("has expired, on 31 March 2026.");
});
