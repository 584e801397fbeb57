import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { faultLine, lateAnswer } from "../../testing/bridge";
import { axeFindings } from "../../testing/render";
import { fill, user } from "../../testing/user";
import { day, dialog, fakeKeys, issued, key, open, page, roles, secret } from "./testing/kit";

async function fromMenu(item: string, permissions = roles["Org Admin"]) {
  open("/keys", permissions);
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

async function fromRow(title: string, action: "Edit" | "Replace …", at = "/keys") {
  open(at);
  const table = await screen.findByRole("grid", { name: "API keys" });
  const row = within(await within(table).findByRole("row", { name: new RegExp(title) }));
  if (action === "Edit") await user.click(row.getByRole("button", { name: "Edit" }));
  else {
    await user.click(row.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: action }));
  }
}

test("E11 C14: Edit changes the title, and the end only where it was chosen", async () => {
  const go = fakeKeys({
    "Apikey.List": () => page([key("k1", { title: "Shop", version: 3 })]),
    "Apikey.Edit": () => key("k1", { title: "Web shop" }),
  });
  await fromRow("Shop", "Edit", "/settings/api-keys");
  const form = await dialog("Edit Shop");
  expect(form.getByRole("radio", { name: "As it is" })).toHaveProperty("checked", true);
  expect(await axeFindings()).toEqual([]);
  fill(form.getByRole("textbox", { name: "Key Name" }), "Web shop");
  await user.click(form.getByRole("button", { name: "Update" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(go.inputs("Apikey.Edit")).toEqual([{ id: "k1", title: "Web shop", version: 3 }]);
});

test("C14: a new end is sent as it was chosen", async () => {
  const go = fakeKeys({
    "Apikey.List": () => page([key("k1", { title: "Shop" })]),
    "Apikey.Edit": () => key("k1", { title: "Shop" }),
  });
  await fromRow("Shop", "Edit");
  const form = await dialog("Edit Shop");
  await user.click(form.getByRole("radio", { name: "60 days" }));
  await user.click(form.getByRole("button", { name: "Update" }));
  await waitFor(() =>
    expect(go.inputs("Apikey.Edit")).toMatchObject([{ title: "Shop", expires: { days: 60, date: "", never: false } }]),
  );
});

test("a key that somebody else changed meanwhile loses nothing typed", async () => {
  const go = fakeKeys({
    "Apikey.List": () => page([key("k1", { title: "Shop", version: 1 })]),
    "Apikey.Get": () => key("k1", { title: "Shop of Ravi", version: 2 }),
    "Apikey.Edit": () => {
      throw faultLine("conflict", "store.stale", "Somebody else changed it meanwhile.", { hint: "Reload it." });
    },
  });
  await fromRow("Shop", "Edit");
  const form = await dialog("Edit Shop");
  await user.click(form.getByRole("radio", { name: "Custom days" }));
  fill(form.getByRole("textbox", { name: "Days" }), "45");
  await user.click(form.getByRole("button", { name: "Update" }));
  await form.findByText("Somebody else changed it meanwhile.");
  await user.click(form.getByRole("button", { name: "Reload" }));
  // The other's title comes in, and the days typed here stay.
  await waitFor(() => expect(form.getByRole("textbox", { name: "Title" })).toHaveProperty("value", "Shop of Ravi"));
  expect(form.getByRole("textbox", { name: "Days" })).toHaveProperty("value", "45");
  go.answer("Apikey.Edit", () => key("k1", { version: 3 }));
  await user.click(form.getByRole("button", { name: "Update" }));
  await waitFor(() =>
    expect(go.inputs("Apikey.Edit").at(-1)).toEqual({
      id: "k1",
      version: 2,
      title: "Shop of Ravi",
      expires: { days: 45, date: "", never: false },
    }),
  );
});

test.each([
  ["Now", 0],
  ["In 24 hours", day],
])("E19 E20: Replace, the old key stops: %s", async (choice, later) => {
  const go = fakeKeys();
  await fromRow("Payment Gateway", "Replace …");
  const form = await dialog("Replace “Payment Gateway”");
  expect(form.getByRole("radio", { name: "In 24 hours" })).toHaveProperty("checked", true);
  expect(await axeFindings()).toEqual([]);
  await user.click(form.getByRole("radio", { name: choice }));
  await user.dblClick(form.getByRole("button", { name: "Replace key" }));
  const shown = await dialog("Your new API key");
  expect(shown.getByText(secret)).toBeTruthy();
  const inputs = go.inputs("Apikey.Replace") as { id: string; stops_ms: number }[];
  expect(inputs).toHaveLength(1);
  expect(inputs[0]?.id).toBe("k2");
  if (later === 0) expect(inputs[0]?.stops_ms).toBe(0);
  else expect(Math.abs((inputs[0]?.stops_ms ?? 0) - Date.now() - later)).toBeLessThan(60_000);
  await user.click(shown.getByRole("button", { name: "Done" }));
  await dialog("Close without copying the key?");
});

test("E19: Replace on a date asks for the date", async () => {
  const go = fakeKeys();
  await fromRow("Payment Gateway", "Replace …");
  const form = await dialog("Replace “Payment Gateway”");
  await user.click(form.getByRole("radio", { name: "On a date" }));
  await user.click(form.getByRole("button", { name: "Replace key" }));
  await form.findByText("Choose a day.", { selector: "p, div" });
  expect(go.inputs("Apikey.Replace")).toEqual([]);
});

test("E18: Check a key tells what is wrong, in words, and forgets what was pasted", async () => {
  const go = fakeKeys({
    "Apikey.Check": () => ({
      result: "revoked",
      message: "“Old shop” was revoked on 12 October 2026 by Ravi.",
      hint: "Make a new key for this system.",
      key: key("k7", { title: "Old shop" }),
    }),
  });
  await fromMenu("Check a key", roles.Viewer);
  let check = await dialog("Check a key");
  const field = check.getByLabelText("Key");
  await waitFor(() => expect(document.activeElement).toBe(field));
  await user.click(field);
  await user.paste(secret);
  await user.keyboard("{Enter}");
  await check.findByText("“Old shop” was revoked on 12 October 2026 by Ravi.");
  expect(check.getByText("Make a new key for this system.")).toBeTruthy();
  expect(go.inputs("Apikey.Check")).toEqual([{ key: secret, scope: "", source: "" }]);
  expect(await axeFindings()).toEqual([]);
  // Another question takes the answer away.
  await user.click(check.getByRole("combobox", { name: "What it is to do (optional)" }));
  await user.click(await screen.findByRole("option", { name: "Send messages" }));
  expect(check.queryByText(/was revoked/)).toBeNull();
  await user.click(check.getByRole("button", { name: "Check" }));
  await check.findByText(/was revoked/);
  expect(go.inputs("Apikey.Check").at(-1)).toEqual({ key: secret, scope: "calls:send", source: "" });
  await user.click(check.getByRole("button", { name: "Open the key" }));
  await dialog("Key k7");
  expect(location.hash).toBe("#/keys/k7");
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Check a key" }));
  check = await dialog("Check a key");
  expect(check.getByLabelText("Key")).toHaveProperty("value", "");
});

test("leaked keys: a pasted text is looked through, and a find is revoked after a question", async () => {
  const go = fakeKeys({
    "Apikey.FindLeaks": () => ({
      found: [
        { key: key("k1", { title: "Shop" }), line: 12, column: 5, times: 3, deleted: false },
        {
          key: key("k2", { title: "Gone", deleted_ms: 1, revoked_ms: 1 }),
          line: 40,
          column: 1,
          times: 1,
          deleted: true,
        },
      ],
      foreign: 1,
      lines: 50,
    }),
    "Apikey.Revoke": () => key("k1", { status: "revoked" }),
  });
  await fromMenu("Look for leaked keys");
  const leaks = await dialog("Look for leaked keys");
  fill(leaks.getByRole("textbox", { name: "Text to look through" }), `a log with ${secret}`);
  await user.click(leaks.getByRole("button", { name: "Look for keys" }));
  await leaks.findByText("2 keys of this office are in this text. 1 key of another office is there too.");
  expect(go.inputs("Apikey.FindLeaks")).toEqual([{ text: `a log with ${secret}` }]);
  expect(leaks.getByText("Line 12, column 5, and 2 more times")).toBeTruthy();
  // A key and the one in its place have one title; what they begin with tells them apart.
  expect(leaks.getAllByText("kd_Ab3dEf7h_••••••••")).toHaveLength(2);
  expect(await axeFindings()).toEqual([]);
  const finds = within(leaks.getByRole("list", { name: "Keys that were found" }));
  expect(finds.getAllByRole("button", { name: /^Revoke/ })).toHaveLength(1);
  await user.click(finds.getByRole("button", { name: "Revoke Shop" }));
  // Two dialogs, one above the other: Escape closes the question alone.
  await dialog("Revoke “Shop”?");
  await user.keyboard("{Escape}");
  expect(go.inputs("Apikey.Revoke")).toEqual([]);
  await user.click(finds.getByRole("button", { name: "Revoke Shop" }));
  const ask = await dialog("Revoke “Shop”?");
  expect(ask.getByText(/^It begins with kd_Ab3dEf7h\. It was last used/)).toBeTruthy();
  await user.click(ask.getByRole("button", { name: "Revoke" }));
  await finds.findByText("Revoked");
  expect(finds.queryByRole("button", { name: "Revoke Shop" })).toBeNull();
});

test("leaked keys: a file is looked through by its name; who may not edit is offered no Revoke", async () => {
  fakeKeys({
    "Window.ReadText": () => ({ chosen: true, name: "app.log", text: "the whole log" }),
    "Apikey.FindLeaks": ({ text }: { text: string }) => {
      expect(text).toBe("the whole log");
      return {
        found: [{ key: key("k1", { title: "Shop" }), line: 1, column: 1, times: 1, deleted: false }],
        foreign: 0,
        lines: 1,
      };
    },
  });
  await fromMenu("Look for leaked keys", roles.Viewer);
  const leaks = await dialog("Look for leaked keys");
  await user.click(leaks.getByRole("button", { name: "Choose a file …" }));
  await leaks.findByText("1 key of this office is in app.log.");
  expect(leaks.queryByRole("button", { name: /^Revoke/ })).toBeNull();
});

test("X6 C35: a key from elsewhere is taken over by its value; a weak one is asked about", async () => {
  const go = fakeKeys({
    "Apikey.TakeOver": () => {
      throw faultLine("conflict", "apikey.weak", "This key looks easy to guess: about 90 bits, where 128 are enough.", {
        hint: "Take it over only if it was made at random.",
      });
    },
  });
  await fromMenu("Take over a key from elsewhere");
  const form = await dialog("Take over a key from elsewhere");
  await form.findByRole("radio", { name: "Try out" });
  await waitFor(() => expect(form.getByRole("button", { name: "Take over" })).toHaveProperty("disabled", false));
  fill(form.getByRole("textbox", { name: "Title" }), "Old billing");
  fill(form.getByLabelText(/^Key/), "0123456789012345678901234567");
  await user.click(form.getByRole("button", { name: "Take over" }));
  await form.findByText("Take it over only if it was made at random.");
  go.answer("Apikey.TakeOver", () => issued({ title: "Old billing" }, { secret: "" }));
  await user.click(form.getByRole("checkbox", { name: "This key is long and was made at random" }));
  await user.click(form.getByRole("button", { name: "Take over" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(go.inputs("Apikey.TakeOver").at(-1)).toMatchObject({
    new: { title: "Old billing", expires: { days: 90 }, grants: { scopes: ["calls:simulate"] } },
    value: "0123456789012345678901234567",
    sha256: "",
    random: true,
  });
});

test("X6: taken over by SHA-256 it asks whether the key is random; messages are at their fields", async () => {
  const late = lateAnswer();
  const go = fakeKeys({
    "Apikey.TakeOver": late.answer(() => {
      throw faultLine("invalid", "apikey.invalid", "Some fields need a change.", {
        fields: [
          { name: "random", message: "Confirm that the key behind this SHA-256 is long and random." },
          { name: "new.title", message: "Fill this in." },
        ],
      });
    }),
  });
  await fromMenu("Take over a key from elsewhere");
  const form = await dialog("Take over a key from elsewhere");
  await form.findByRole("radio", { name: "Try out" });
  await user.click(form.getByRole("radio", { name: "Its SHA-256" }));
  await waitFor(() => expect(form.getByRole("button", { name: "Take over" })).toHaveProperty("disabled", false));
  fill(form.getByRole("textbox", { name: "SHA-256 of the key" }), "ab".repeat(32));
  await user.click(form.getByRole("button", { name: "Take over" }));
  await user.type(form.getByRole("textbox", { name: "Title" }), "Old");
  late.arrive();
  await form.findByText("Confirm that the key behind this SHA-256 is long and random.");
  expect(form.getByRole("textbox", { name: "Title" })).toHaveProperty("value", "Old");
  expect(form.getByRole("textbox", { name: "SHA-256 of the key" })).toHaveProperty("value", "ab".repeat(32));
  expect(go.inputs("Apikey.TakeOver")).toMatchObject([{ value: "", sha256: "ab".repeat(32), random: false }]);
  expect(await axeFindings()).toEqual([]);
});

test.each([
  ["create", "Generate an API Key"],
  ["check", "Check a key"],
  ["leaks", "Look for leaked keys"],
])("the palette's /keys?%s=1 opens %s", async (word, title) => {
  fakeKeys();
  open(`/keys?${word}=1`);
  await dialog(title);
  await waitFor(() => expect(location.hash).toBe("#/keys"));
});

test("the palette's way to a dialog is closed to people who may not make keys", async () => {
  fakeKeys();
  open("/keys?create=1", roles.Viewer);
  await screen.findByRole("grid", { name: "API keys" });
  await waitFor(() => expect(location.hash).toBe("#/keys"));
  expect(screen.queryByRole("dialog")).toBeNull();
});
