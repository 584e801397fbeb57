import { configure, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { fill, user } from "../../testing/user";
import type { Draft, Value } from "./draft";
import { becameSecret, exposedWords, heldPlain } from "./exposed";
import SetupScreens from "./index";
import { listPlace } from "./listState";
import { everyRight, fakeOffice, savedSetup, section, selector } from "./testing/kit";

configure({ defaultHidden: true });

const plain = (text: string): Value => ({ plain: text, secret: false, stored: false, typed: "" });
const stored: Value = { plain: "", secret: true, stored: true, typed: "" };

/** A setup with a key that was saved as plain text. */
function withPlainKey(value: Value = plain("old-key-4711")) {
  const one = savedSetup();
  one.draft.request.headers = [{ id: "h1", name: "X-Key", value }];
  return one;
}

/** As Go saves it: typed secrets are stored. */
function saves(input: { draft: Draft }) {
  const one = savedSetup(input.draft, { version: 4 });
  const headers = one.draft.request.headers.map((row) => (row.value.secret ? { ...row, value: stored } : row));
  return { ...one, draft: { ...one.draft, request: { ...one.draft.request, headers } } };
}

const zero = { entries: 0, calls: 0, events: 0, checks: 0, setups: 0, copies: 0 };

async function openForm(answers: Parameters<typeof fakeOffice>[0] = {}, isOrgAdmin = true) {
  const go = fakeOffice({ "Setup.Get": () => withPlainKey(), "Setup.Update": saves, ...answers });
  const who = signedIn(everyRight);
  renderInShell(<SetupScreens />, {
    session: { ...who, user: { ...who.user, is_org_admin: isOrgAdmin } },
    at: "/setups/s1",
  });
  await waitFor(() => selector("Process"));
  return go;
}

const headers = () => section("Additional Header List");
const lock = () => headers().getByRole("button", { name: "Secret, row 1" });
const value = () => headers().getByLabelText("Header Value, row 1") as HTMLInputElement;
const button = (name: string) => screen.getByRole("button", { name });

/** Marks the key as secret, enters a new one and saves. */
async function markAndSave() {
  await user.click(lock());
  fill(value(), "new-key-1");
  await user.click(button("Update"));
  return screen.findByRole("dialog", { name: "The old value is in the history" });
}

test("A35: marking a saved plain value as secret empties it and asks for a new one", async () => {
  await openForm();
  expect(value().value).toBe("old-key-4711");
  await user.click(lock());
  expect(value().type).toBe("password");
  expect(value().value).toBe("");
  headers().getByText(exposedWords);
  expect(await axeFindings()).toEqual([]);
  // A mistake loses nothing.
  await user.click(lock());
  expect(value().value).toBe("old-key-4711");
  expect(headers().queryByText(exposedWords)).toBeNull();
  // What was never saved is carried over.
  fill(value(), "typed-just-now");
  await user.click(lock());
  expect(value().value).toBe("typed-just-now");
  expect(headers().queryByText(exposedWords)).toBeNull();
});

test("A35: after the save an Org Admin erases the old value, and then the form goes on", async () => {
  let confirmed = false;
  const go = await openForm({
    "Erase.Text": () => {
      if (!confirmed) throw faultLine("forbidden", "access.password_needed", "Enter your password once more.");
      return { ...zero, entries: 2, calls: 1, copies: 1 };
    },
    "User.ConfirmPassword": () => {
      confirmed = true;
      return {};
    },
    "Operation.Progress": () => ({ done: 0, total: 0, text: "" }),
  });
  const dialog = await markAndSave();
  expect(location.hash).toBe("#/setups/s1");
  within(dialog).getByText(/was saved or tested with this value as plain text before/);
  await user.click(within(dialog).getByRole("button", { name: "Erase it there" }));
  const question = await screen.findByRole("dialog", { name: "Your password" });
  fill(within(question).getByLabelText("Password"), "hunter2");
  await user.click(within(question).getByRole("button", { name: "Continue" }));
  await screen.findByText(/It was in 2 entries of Activity and 1 call, and is there no longer. 1 copy/);
  const inputs = go.inputs("Erase.Text") as { operation_id: string; text: string }[];
  expect(inputs.map(({ text }) => text)).toEqual(["old-key-4711", "old-key-4711"]);
  expect(inputs[0]?.operation_id).not.toBe(inputs[1]?.operation_id);
  await user.click(button("Close"));
  await waitFor(() => expect(location.hash).toBe(`#${listPlace()}`));
});

test("A35: it may be left; others read whom to ask", async () => {
  await openForm();
  await user.click(within(await markAndSave()).getByRole("button", { name: "Not now" }));
  await waitFor(() => expect(location.hash).toBe(`#${listPlace()}`));
});

test("A35: somebody who is no Org Admin reads whom to ask", async () => {
  const go = await openForm({}, false);
  const dialog = await markAndSave();
  within(dialog).getByText(/Only an Org Admin can erase it/);
  expect(within(dialog).queryByRole("button", { name: "Erase it there" })).toBeNull();
  await user.click(within(dialog).getByRole("button", { name: "Close" }));
  await waitFor(() => expect(location.hash).toBe(`#${listPlace()}`));
  expect(go.inputs("Erase.Text")).toEqual([]);
});

test("A35: a refusal says where the text is still in use, and it can be tried again", async () => {
  const go = await openForm({
    "Erase.Text": () => {
      throw faultLine("conflict", "erase.in_use", "This text is still in use, so nothing was erased.", {
        links: [{ kind: "setup", id: "s2", name: "Its twin" }],
      });
    },
  });
  const dialog = await markAndSave();
  await user.click(within(dialog).getByRole("button", { name: "Erase it there" }));
  await within(dialog).findByRole("link", { name: "Its twin" });
  go.answer("Erase.Text", () => zero);
  await user.click(within(dialog).getByRole("button", { name: "Erase it there" }));
  await screen.findByText("The history did not hold it.");
});

test("A35: Go's message about a text that was plain is at its field, and nothing is offered without a change", async () => {
  await openForm({
    "Setup.Update": () => {
      throw faultLine("invalid", "setup.exposed", "Check the fields.", {
        fields: [{ name: "draft.request.headers[0].value", message: "This text was saved as plain text." }],
      });
    },
  });
  await user.click(lock());
  fill(value(), "old-key-4711");
  await user.click(button("Update"));
  await headers().findByText("This text was saved as plain text.");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("which texts became secret", () => {
  const before = withPlainKey().draft;
  before.request.params = [
    { id: "p", name: "key", value: plain("{{token}}"), type: "", in: "", optional: false },
    { id: "q", name: "other", value: plain("stays plain"), type: "", in: "", optional: false },
  ];
  before.request.fixed = [{ id: "f", name: "api_key", value: plain("of the provider"), template: false }];
  before.entered = { values: [{ id: "hidden_key", value: plain("of a hidden field") }], tables: [] };
  const after = structuredClone(before);
  expect(becameSecret([before], after)).toEqual([]);
  for (const row of after.request.headers) row.value = stored;
  for (const row of after.request.params) if (row.id === "p") row.value = stored;
  for (const row of after.request.fixed) row.value = stored;
  for (const one of after.entered?.values ?? []) one.value = stored;
  expect(becameSecret([before], after)).toEqual(["old-key-4711", "of the provider", "of a hidden field"]);
  expect(becameSecret([], after)).toEqual([]);
  const was = heldPlain([before]);
  expect(["old-key-4711", "{{token}}", "", "another"].map(was)).toEqual([true, false, false, false]);
  expect(heldPlain([])("old-key-4711")).toBe(false);
});
