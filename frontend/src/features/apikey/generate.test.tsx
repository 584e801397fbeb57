import { act, render, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { makeClient } from "../../bridge/query";
import { SessionProvider } from "../../bridge/session";
import { DialogProviders } from "../../shell/DialogProviders";
import { Providers } from "../../shell/Providers";
import { faultLine, lateAnswer, signedIn } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { fill, user } from "../../testing/user";
import { GenerateKey } from "./GenerateKey";
import { apiKeys } from "./menuPath";
import { dialog, fakeKeys, issued, open, roles, secret } from "./testing/kit";

const form = () => dialog("Generate an API Key");
const shown = () => dialog("Your new API key");

async function begin(permissions = roles["Org Admin"]) {
  open("/settings/api-keys", permissions);
  await user.click(await screen.findByRole("button", { name: "Create API Key" }));
  await waitFor(async () =>
    expect((await form()).getByRole("button", { name: "Generate" })).toHaveProperty("disabled", false),
  );
  return form();
}

async function generate(title = "Integration with CRM") {
  const dialog = await form();
  fill(dialog.getByRole("textbox", { name: "Key Name" }), title);
  await user.click(dialog.getByRole("button", { name: "Generate" }));
}

test("B04 B05 C09 C21: 90 days and Try out are chosen at first, the name has an example", async () => {
  const go = fakeKeys();
  const dialog = await begin();
  const name = dialog.getByRole("textbox", { name: "Key Name" });
  expect(name.getAttribute("placeholder")).toBe("Such as Integration with CRM");
  await waitFor(() => expect(document.activeElement).toBe(name));
  expect(dialog.getByRole("radio", { name: "90 days" })).toHaveProperty("checked", true);
  expect(dialog.getByRole("radio", { name: "Try out" })).toHaveProperty("checked", true);
  expect(dialog.queryByRole("spinbutton", { name: /Live messages/ })).toBeNull();
  expect(await axeFindings()).toEqual([]);
  await generate();
  await shown();
  expect(go.inputs("Apikey.Create")).toEqual([
    {
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      title: "Integration with CRM",
      expires: { days: 90, date: "", never: false },
      full_access: false,
      grants: {
        scopes: ["calls:simulate"],
        places: [],
        channels: [],
        live_per_day: 0,
        sources: [],
        per_minute: 0,
      },
    },
  ]);
});

test("C10 C11: presets, custom days, no end; what is long warns an Org Admin", async () => {
  const go = fakeKeys();
  const dialog = await begin();
  await user.click(dialog.getByRole("radio", { name: "30 days" }));
  await user.click(dialog.getByRole("radio", { name: "Custom days" }));
  fill(dialog.getByRole("textbox", { name: "Days" }), "400");
  expect(dialog.getByText(/This is more than a year/)).toBeTruthy();
  fill(dialog.getByRole("textbox", { name: "Days" }), "45");
  expect(dialog.queryByText(/This is more than a year/)).toBeNull();
  expect(dialog.getByText(/^The last day is \d+ \w+ \d{4}\.$/)).toBeTruthy();
  await user.click(dialog.getByRole("radio", { name: "Never" }));
  expect(dialog.getByText(/A key without an end works until somebody revokes it/)).toBeTruthy();
  await generate();
  await shown();
  expect(go.inputs("Apikey.Create")).toMatchObject([{ expires: { days: 0, date: "", never: true } }]);
});

test("E15 E16 E17: templates, single scopes, processes and channels, limits and addresses", async () => {
  const go = fakeKeys();
  const dialog = await begin();
  await user.click(dialog.getByRole("radio", { name: "Send messages (CRM)" }));
  fill(dialog.getByRole("textbox", { name: "Live messages a day, at most" }), "500");
  await user.click(dialog.getByRole("radio", { name: "Chosen processes and channels" }));
  // None chosen would be everywhere.
  await generate();
  await dialog.findByText("Choose at least one process or channel, or Everywhere.");
  expect(go.inputs("Apikey.Create")).toEqual([]);
  await user.click(dialog.getByRole("combobox", { name: "Processes" }));
  await user.click(await screen.findByRole("option", { name: "Orders / Delivery" }));
  expect(dialog.queryByText(/Choose at least one process/)).toBeNull();
  await user.click(dialog.getByRole("checkbox", { name: "Email" }));
  await user.click(dialog.getByRole("button", { name: "More" }));
  await user.click(dialog.getByRole("checkbox", { name: "Read usage" }));
  expect(dialog.getByText("As chosen one by one under More.")).toBeTruthy();
  fill(dialog.getByRole("textbox", { name: "Source addresses" }), "192.168.1.20\n10.0.0.0/8");
  fill(dialog.getByRole("textbox", { name: "Requests a minute, at most" }), "30");
  expect(await axeFindings()).toEqual([]);
  await generate();
  await shown();
  expect(go.inputs("Apikey.Create")).toMatchObject([
    {
      full_access: false,
      grants: {
        scopes: ["calls:send", "usage:read"],
        places: ["delivery"],
        channels: ["email"],
        live_per_day: 500,
        sources: ["192.168.1.20", "10.0.0.0/8"],
        per_minute: 30,
      },
    },
  ]);
});

test("X4: full access is one click for an Org Admin; taking a scope away makes single ones of it", async () => {
  const go = fakeKeys();
  const dialog = await begin();
  await user.click(dialog.getByRole("radio", { name: "Full access" }));
  await user.click(dialog.getByRole("button", { name: "More" }));
  for (const each of dialog.getAllByRole("checkbox")) expect(each).toHaveProperty("checked", true);
  await user.click(dialog.getByRole("checkbox", { name: "Send messages" }));
  await generate();
  await shown();
  expect(go.inputs("Apikey.Create")).toMatchObject([
    {
      full_access: false,
      grants: { scopes: ["calls:simulate", "calls:read", "setups:read", "keys:verify", "usage:read"] },
    },
  ]);
});

test("X4: nobody is offered what their own role lacks, nor a long life", async () => {
  const go = fakeKeys();
  const dialog = await begin(["apikey.view", "apikey.create", "setup.view", "call.view"]);
  expect(dialog.getAllByRole("radio").map((each) => each.getAttribute("value"))).toEqual([
    "30",
    "60",
    "90",
    "days",
    "date",
    "read",
  ]);
  expect(dialog.getByRole("radio", { name: "Read only" })).toHaveProperty("checked", true);
  await user.click(dialog.getByRole("button", { name: "More" }));
  expect(dialog.getAllByRole("checkbox").map((each) => each.getAttribute("value"))).toEqual([
    "calls:read",
    "setups:read",
    "keys:verify",
    "usage:read",
  ]);
  go.answer("Apikey.Create", () => {
    throw faultLine("forbidden", "access.forbidden", "Only an Org Admin may do that.", {
      fields: [{ name: "expires", message: "Only an Org Admin may give a key more than a year, or no end." }],
    });
  });
  await user.click(dialog.getByRole("radio", { name: "Custom days" }));
  fill(dialog.getByRole("textbox", { name: "Days" }), "400");
  expect(dialog.queryByText(/This is more than a year/)).toBeNull();
  await generate();
  await dialog.findByText("Only an Org Admin may give a key more than a year, or no end.");
  await user.click(dialog.getByRole("radio", { name: "60 days" }));
  expect(dialog.queryByText(/Only an Org Admin may give/)).toBeNull();
});

test("B06 B07 B16 C03: the key is shown once with a curl line, is copied for a minute, and is then gone", async () => {
  const go = fakeKeys();
  await begin();
  await generate();
  const dialog = await shown();
  expect(dialog.getByText(secret)).toBeTruthy();
  expect(dialog.getByText(/store it safely/)).toBeTruthy();
  await dialog.findByText(`curl -H 'Authorization: x-api-key ${secret}' http://127.0.0.1:7373/v1/key`);
  expect(await axeFindings()).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Copy" }));
  await waitFor(() => expect(go.inputs("Window.Copy")).toEqual([{ text: secret, clear_after_ms: 60_000 }]));
  await user.click(dialog.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.body.innerHTML).not.toContain(secret);
});

test("B06: a key that was not copied asks before it is closed, by Done and by Escape", async () => {
  fakeKeys();
  await begin();
  await generate();
  await user.click((await shown()).getByRole("button", { name: "Done" }));
  let ask = await dialog("Close without copying the key?");
  await user.click(ask.getByRole("button", { name: "Go back" }));
  expect((await shown()).getByText(secret)).toBeTruthy();
  await user.keyboard("{Escape}");
  ask = await dialog("Close without copying the key?");
  // Escape closes the question alone.
  await user.keyboard("{Escape}");
  expect((await shown()).getByText(secret)).toBeTruthy();
  await user.keyboard("{Escape}");
  await user.click((await dialog("Close without copying the key?")).getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("E04: a double click, and Enter while it is on its way, make one key", async () => {
  const late = lateAnswer();
  const go = fakeKeys({ "Apikey.Create": late.answer(() => issued()) });
  const form = await begin();
  fill(form.getByRole("textbox", { name: "Key Name" }), "Shop");
  const button = form.getByRole("button", { name: "Generate" });
  await user.dblClick(button);
  await user.type(form.getByRole("textbox", { name: "Key Name" }), "{Enter}");
  // It cannot be closed while the key is made, since nobody would ever see it.
  await user.keyboard("{Escape}");
  await act(async () => late.arrive());
  await shown();
  expect(go.inputs("Apikey.Create")).toHaveLength(1);
});

test.each([50, 2000])("nothing typed is lost when Go answers after %d ms with a refusal", async (ms) => {
  const go = fakeKeys({
    "Apikey.Create": async () => {
      await new Promise((done) => setTimeout(done, ms));
      throw faultLine("invalid", "apikey.invalid", "Some fields need a change.", {
        fields: [{ name: "grants.sources", message: "“x” is no address." }],
      });
    },
  });
  const form = await begin();
  await generate("Shop");
  await user.type(form.getByRole("textbox", { name: "Key Name" }), " and more");
  // A field that More hides is opened with its message.
  await form.findByText("“x” is no address.");
  expect(form.getByRole("textbox", { name: "Key Name" })).toHaveProperty("value", "Shop and more");
  const first = go.inputs("Apikey.Create")[0] as { request_id: string };
  go.answer("Apikey.Create", () => issued());
  await user.click(form.getByRole("button", { name: "Generate" }));
  await shown();
  // The same form asks for the same key.
  expect(go.inputs("Apikey.Create")[1]).toMatchObject({ request_id: first.request_id, title: "Shop and more" });
});

test("E05: Cancel makes no key, and asks once something was typed", async () => {
  const go = fakeKeys();
  const form = await begin();
  fill(form.getByRole("textbox", { name: "Key Name" }), "Shop");
  await user.click(form.getByRole("button", { name: "Cancel" }));
  const ask = await dialog("Leave this key without saving?");
  await user.click(ask.getByRole("button", { name: "Leave" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(go.inputs("Apikey.Create")).toEqual([]);
});

test("the keyboard alone makes a key", async () => {
  const go = fakeKeys();
  open("/settings/api-keys");
  (await screen.findByRole("button", { name: "Create API Key" })).focus();
  await user.keyboard("{Enter}");
  const form = await dialog("Generate an API Key");
  const name = form.getByRole("textbox", { name: "Key Name" });
  await waitFor(() => expect(document.activeElement).toBe(name));
  await form.findByRole("radio", { name: "Try out" });
  await user.keyboard("Payment Gateway{Enter}");
  await shown();
  await waitFor(() => expect(document.activeElement?.textContent).toBe(secret));
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Copy");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(go.inputs("Window.Copy")).toHaveLength(1));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("with the local API off it offers to switch it on, and is quiet once it is", async () => {
  const off = {
    settings: { on: false, port: 7373, per_minute: 600, network: false, addresses: [], names: [] },
    version: 4,
    listening: { addresses: [], code: "", message: "", hint: "" },
  };
  const on = {
    ...off,
    settings: { ...off.settings, on: true },
    listening: { ...off.listening, addresses: ["http://127.0.0.1:7373"] },
  };
  const client = { address: "http://127.0.0.1:7373", on: false, header: "", snippets: [] };
  const go = fakeKeys({
    "Organisation.LocalAPI": () => off,
    "Organisation.Client": () => client,
    "Organisation.SaveLocalAPI": () => {
      go.answer("Organisation.LocalAPI", () => on);
      go.answer("Organisation.Client", () => ({ ...client, on: true }));
      return on;
    },
  });
  await begin();
  await generate();
  const dialog = await shown();
  await user.click(await dialog.findByRole("button", { name: "Switch it on" }));
  await waitFor(() => expect(dialog.queryByText(/The local API is off/)).toBeNull());
  expect(go.inputs("Organisation.SaveLocalAPI")).toEqual([{ settings: { ...off.settings, on: true }, version: 4 }]);
  // The key is still there, and the focus is not lost with the button.
  expect(dialog.getByText(secret)).toBeTruthy();
  await dialog.findByText("The local API is on. The key can be used at once.");
  await waitFor(() => expect(document.activeElement).toBe(dialog.getByRole("status", { name: "API key" })));
});

test("who may not switch it on reads whom to ask", async () => {
  fakeKeys({ "Organisation.Client": () => ({ address: "", on: false, header: "", snippets: [] }) });
  await begin(roles.Manager);
  await generate();
  const dialog = await shown();
  await dialog.findByText(/Someone with Can Manage Settings can switch it on\./);
  expect(dialog.queryByRole("button", { name: "Switch it on" })).toBeNull();
});

test("another key of this name is said", async () => {
  fakeKeys({ "Apikey.Create": () => issued({}, { same_title: 1 }) });
  await begin();
  await generate();
  await (await shown()).findByText(/Another key has this name too/);
});

/** The dialog in a window that a test can lock. */
function lockable() {
  const client = makeClient();
  const ready = signedIn(roles["Org Admin"]);
  let lock = (_locked: boolean) => {};
  function Window() {
    const [locked, setLocked] = useState(false);
    const [there, setThere] = useState(true);
    lock = setLocked;
    return (
      <SessionProvider value={locked ? { ...ready, state: "locked" } : ready}>
        <DialogProviders>{there && <GenerateKey menu={apiKeys} onClose={() => setThere(false)} />}</DialogProviders>
      </SessionProvider>
    );
  }
  const tree = (
    <Providers client={client} env="test">
      <Window />
    </Providers>
  );
  return { tree, lock: (locked: boolean) => act(() => lock(locked)) };
}

test("the lock closes a key that is shown, and keeps a form that is being filled in", async () => {
  fakeKeys();
  const { tree, lock } = lockable();
  render(tree);
  const first = await form();
  fill(first.getByRole("textbox", { name: "Key Name" }), "Shop");
  lock(true);
  lock(false);
  expect((await form()).getByRole("textbox", { name: "Key Name" })).toHaveProperty("value", "Shop");
  await waitFor(async () =>
    expect((await form()).getByRole("button", { name: "Generate" })).toHaveProperty("disabled", false),
  );
  await user.click((await form()).getByRole("button", { name: "Generate" }));
  await (await shown()).findByText(secret);
  lock(true);
  expect(document.body.innerHTML).not.toContain(secret);
  lock(false);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.body.innerHTML).not.toContain(secret);
  await screen.findByText(/The lock has closed the new key/);
});

test("a key that arrives while the window is locked is never drawn", async () => {
  const late = lateAnswer();
  fakeKeys({ "Apikey.Create": late.answer(() => issued()) });
  const { tree, lock } = lockable();
  render(tree);
  const first = await form();
  await waitFor(() => expect(first.getByRole("button", { name: "Generate" })).toHaveProperty("disabled", false));
  fill(first.getByRole("textbox", { name: "Key Name" }), "Shop");
  await user.click(first.getByRole("button", { name: "Generate" }));
  lock(true);
  const seen: string[] = [];
  const watch = new MutationObserver(() => seen.push(document.body.innerHTML));
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  await act(async () => late.arrive());
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  watch.disconnect();
  expect(seen.some((each) => each.includes(secret))).toBe(false);
});

test("fields are found by their labels", async () => {
  fakeKeys();
  const dialog = await begin();
  expect(within(document.body).getByRole("radiogroup", { name: "Expiration" })).toBeTruthy();
  expect(dialog.getByRole("radiogroup", { name: "What it may do" })).toBeTruthy();
  expect(dialog.getByRole("radiogroup", { name: "Where it may send" })).toBeTruthy();
});
