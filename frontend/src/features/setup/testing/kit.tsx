/** What the tests of these screens share: an organisation with three levels of places, and its setups. */
import { screen, waitFor, within } from "@testing-library/react";
import { expect } from "vitest";
import type { Permission } from "../../../bridge/operation";
import { fakeGo, signedIn } from "../../../testing/bridge";
import { renderInShell } from "../../../testing/render";
import { user } from "../../../testing/user";
import type { Row } from "../columns";
import { type Draft, emptyDraft, type Field } from "../draft";
import SetupScreens from "../index";
import type { Setup } from "../useSave";

export const everyRight: Permission[] = [
  "setup.view",
  "setup.create",
  "setup.edit",
  "setup.delete",
  "setup.test",
  "process.create",
  "settings.manage",
];

const place = (id: string, parent_id: string, level: number, name: string) => ({
  id,
  parent_id,
  level,
  name,
  code: id,
  version: 1,
  setups: 0,
});
const stage = (id: string, place_id: string, name: string, position: number) => ({
  id,
  place_id,
  name,
  code: id,
  position,
  version: 1,
  fields: [],
});

export const tree = {
  places: [
    place("orders", "", 1, "Orders"),
    place("invoices", "", 1, "Invoices"),
    place("delivery", "orders", 2, "Delivery"),
    place("returns", "orders", 2, "Returns"),
    place("home", "delivery", 3, "Home delivery"),
    place("pickup", "delivery", 3, "Pick-up"),
  ],
  stages: [
    stage("placed", "home", "Placed", 1),
    stage("shipped", "home", "Shipped", 2),
    stage("ready", "pickup", "Ready", 1),
    stage("issued", "invoices", "Issued", 1),
  ],
};

export const field = (name: string, sample = ""): Field => ({
  id: name,
  stage_id: "shipped",
  name,
  code: name,
  type: "text",
  required: false,
  sample,
  position: 1,
  version: 1,
});

export function row(id: string, part: Partial<Row> = {}): Row {
  return {
    id,
    process: "Orders",
    sub_process: "Delivery",
    sub_sub_process: "Home delivery",
    stage: "Shipped",
    auth_type: "basic",
    channel: "sms",
    provider: "",
    name: "",
    method: "POST",
    url: "https://api.example.test/send",
    enabled: true,
    tls_off: false,
    unreadable: false,
    last_verdict: "",
    last_at_ms: 0,
    last_simulated: false,
    provider_name: "",
    version: 1,
    deleted_ms: 0,
    ...part,
  };
}

/** A saved setup with a stored password, as Go shows it. */
export function savedSetup(part: Partial<Draft> = {}, more: Partial<Setup> = {}): Setup {
  const draft = emptyDraft();
  return {
    id: "s1",
    version: 3,
    created_ms: 1,
    updated_ms: 1,
    deleted_ms: 0,
    places: ["Orders", "Delivery", "Home delivery"],
    stage: "Shipped",
    title: "Order shipped, SMS",
    provider_name: "",
    draft: {
      ...draft,
      place_id: "home",
      stage_id: "shipped",
      request: {
        ...draft.request,
        url: "https://api.example.test/send",
        auth: {
          ...draft.request.auth,
          type: "basic",
          username: "AC0123",
          password: { plain: "", secret: true, stored: true, typed: "" },
        },
      },
      ...part,
    },
    ...more,
  };
}

export const preview = {
  preview: {
    method: "POST",
    url: [{ text: "https://api.example.test/send", origin: "API URL", secret: false, missing: false }],
    headers: [
      {
        name: "Authorization",
        segments: [
          { text: "Basic ", origin: "Authentication", secret: false, missing: false },
          { text: "••••••••", origin: "Authentication", secret: true, missing: false },
        ],
      },
    ],
    body: [],
    body_bytes: 0,
    body_cut: false,
    total_bytes: 120,
    secrets_uncounted: false,
    notes: [],
    missing: [],
    problems: [],
  },
  fields: [field("Mobile", "+919812345678"), field("Customer name", "Asha")],
};

export function fakeOffice(answers: Parameters<typeof fakeGo>[0] = {}) {
  return fakeGo({
    "Process.Tree": () => tree,
    "Setup.List": () => ({ rows: [row("s1")], next: "", count: 1, capped: false }),
    "Setup.Get": () => savedSetup(),
    "Setup.Preview": () => preview,
    "Setup.Resolve": () => ({ setup_id: "", steps: [{ place: "Orders", stage: "", setup_id: "", found: "none" }] }),
    "Setup.Create": (input: { draft: Draft }) => ({ setups: [savedSetup(input.draft)] }),
    "Setup.Update": (input: { draft: Draft }) => savedSetup(input.draft, { version: 4 }),
    ...answers,
  });
}

export function open(at: string, permissions: Permission[] = everyRight) {
  return renderInShell(<SetupScreens />, { session: signedIn(permissions), at });
}

/** Opens a selector by its label and picks the choice with these words. */
export async function choose(label: string, option: string): Promise<void> {
  await user.click((await choicesOf(selector(label))).getByText(option));
}

/** Opens a selector and returns its list: closed ones stay in the document. */
export async function choicesOf(input: HTMLElement) {
  await user.click(input);
  const list = await waitFor(() => {
    const found = document.getElementById(input.getAttribute("aria-controls") ?? "");
    if (!found) throw new Error("the list has not opened");
    return found;
  });
  return within(list);
}

/** The selector under this label. */
export function selector(label: string): HTMLInputElement {
  const found = [...document.querySelectorAll("label")].find((each) => each.textContent?.replace(" *", "") === label);
  expect(found?.control?.role, `a selector under ${label}`).toBe("combobox");
  return found?.control as HTMLInputElement;
}

export function section(title: string) {
  return within(screen.getByRole("region", { name: title }));
}
