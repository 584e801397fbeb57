/** What the tests of these screens share: keys as Go shows them, and an office that has some. */
import { screen, within } from "@testing-library/react";
import type { Permission } from "../../../bridge/operation";
import type { Session } from "../../../bridge/session";
import { fakeGo, signedIn } from "../../../testing/bridge";
import { renderInShell } from "../../../testing/render";
import KeyScreens from "../index";
import type { Issued, Key } from "../types";

export const day = 86_400_000;

/** A key in its whole form; no test office issued it. */
export const secret = `kd_Ab3dEf7h_${"x".repeat(43)}0aBcDe`;

export function key(id: string, part: Partial<Key> = {}): Key {
  return {
    id,
    title: `Key ${id}`,
    mask: "kd_Ab3dEf7h_••••••••",
    taken_over: false,
    grants: {
      scopes: ["calls:simulate"],
      places: [],
      channels: [],
      live_per_day: 0,
      sources: [],
      per_minute: 0,
    },
    full_access: false,
    created_ms: Date.now() - 3 * day,
    creator_id: "user-1",
    creator: "Asha Rao",
    expires_ms: Date.now() + 87 * day,
    disabled_ms: 0,
    revoked_ms: 0,
    deleted_ms: 0,
    ended_by: "",
    replaced_by: "",
    last_used_ms: Date.now() - 2 * 3_600_000,
    calls: 1204,
    version: 1,
    status: "active",
    damaged: false,
    ...part,
  };
}

export const scopes = [
  { scope: "calls:simulate", permission: "setup.test", label: "Try out: simulate and preview calls" },
  { scope: "calls:send", permission: "call.send", label: "Send messages" },
  { scope: "calls:read", permission: "call.view", label: "Read calls and their results" },
  { scope: "setups:read", permission: "setup.view", label: "Read API Key Setups, without secrets" },
  { scope: "keys:verify", permission: "apikey.view", label: "Check other keys" },
  { scope: "usage:read", permission: "apikey.view", label: "Read usage" },
];

export const issued = (part: Partial<Key> = {}, more: Partial<Issued> = {}): Issued => ({
  key: key("k9", { title: "Integration with CRM", ...part }),
  secret,
  same_title: 0,
  ...more,
});

/** The permissions of the built-in roles, as far as these screens ask for them. */
export const roles: Record<"Org Admin" | "Manager" | "Operator" | "Viewer", Permission[]> = {
  "Org Admin": [
    "apikey.view",
    "apikey.create",
    "apikey.edit",
    "apikey.delete",
    "setup.view",
    "setup.test",
    "call.send",
    "call.view",
    "process.view",
    "settings.manage",
  ],
  Manager: [
    "apikey.view",
    "apikey.create",
    "apikey.edit",
    "setup.view",
    "setup.test",
    "call.send",
    "call.view",
    "process.view",
  ],
  Operator: ["apikey.view", "setup.view", "setup.test", "call.send", "call.view", "process.view"],
  Viewer: ["apikey.view", "setup.view", "call.view", "process.view"],
};

export function page(rows: Key[], more: object = {}) {
  return { rows, next: "", count: rows.length, capped: false, ...more };
}

/** How to call the local API, as Go tells it. */
export const client = {
  address: "http://127.0.0.1:7373",
  on: true,
  header: "Authorization: x-api-key PASTE_YOUR_KEY_HERE",
  simulated: false,
  sent: false,
  snippets: [
    {
      language: "curl",
      label: "curl",
      code: "curl -H 'Authorization: x-api-key PASTE_YOUR_KEY_HERE' http://127.0.0.1:7373/v1/key\n",
    },
  ],
};

const localApi = {
  settings: { on: false, port: 7373, per_minute: 600, network: false, addresses: [], names: [] },
  version: 4,
  listening: { addresses: [], code: "", message: "", hint: "" },
};

export function fakeKeys(answers: Parameters<typeof fakeGo>[0] = {}) {
  return fakeGo({
    "Apikey.List": () => page([key("k1"), key("k2", { title: "Payment Gateway" })]),
    "Apikey.Filters": () => ({ creators: [{ id: "user-1", name: "Asha Rao" }] }),
    "Apikey.Scopes": () => scopes,
    "Apikey.Get": ({ id }: { id: string }) => key(id),
    "Apikey.Usage": () => ({ days: [] }),
    "Apikey.Access": () => ({ rows: [], more: false }),
    "Apikey.Create": () => issued(),
    "Apikey.Replace": () => issued({ title: "Payment Gateway" }),
    "Organisation.Client": () => client,
    "Organisation.LocalAPI": () => localApi,
    "Organisation.SaveLocalAPI": () => localApi,
    "Organisation.Running": () => ({ local_api: false, port: 7373, problem: "", paused: false }),
    "Process.Tree": () => ({
      places: [
        { id: "orders", parent_id: "", level: 1, name: "Orders", code: "orders", version: 1, setups: 0 },
        { id: "delivery", parent_id: "orders", level: 2, name: "Delivery", code: "delivery", version: 1, setups: 0 },
      ],
      stages: [],
    }),
    "Window.Copy": () => ({}),
    ...answers,
  });
}

export function open(at: string, permissions: Permission[] = roles["Org Admin"], session: Partial<Session> = {}) {
  const admin = permissions === roles["Org Admin"];
  const user = { id: "user-1", name: "Asha Rao", full_name: "", roles: [], is_org_admin: admin };
  return renderInShell(<KeyScreens />, {
    session: signedIn(permissions, { user, time_zone: "Europe/Berlin", ...session }),
    at,
  });
}

export const dialog = async (name: string | RegExp) => within(await screen.findByRole("dialog", { name }));
