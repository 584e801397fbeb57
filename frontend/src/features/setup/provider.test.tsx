import { act, configure, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { faultLine, lateAnswer } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { fill, user } from "../../testing/user";
import { type Draft, emptyDraft, type Source } from "./draft";
import { exposedWords } from "./exposed";
import { ProviderTableEditor } from "./ProviderTable";
import { choose, fakeOffice, open, preview, savedSetup, section, selector } from "./testing/kit";
import type { ProviderTable } from "./useProvider";

configure({ defaultHidden: true });

const field = (id: string, label: string, more: object) => ({
  id,
  label,
  help: "",
  kind: "text",
  secret: false,
  optional: false,
  belongs: "message",
  pattern: "",
  example: "",
  default: "",
  choices: [],
  when: "",
  needed_in: [],
  ...more,
});
const form = {
  provider: {
    id: "acme-sms",
    version: 2,
    name: "Acme SMS",
    service: "Acme",
    account: "acme",
    channels: ["sms"],
    more: false,
    marks: { badge: "V", request: "V", success: "V", errors: "V" },
    help: "Sends an SMS through Acme.",
    page: "https://acme.example/docs",
    delivery: "",
    fields: [
      field("api_key", "API key", { secret: true, belongs: "account", help: "Where to find it." }),
      field("recipient", "To", { kind: "phone" }),
      field("message", "Text", { kind: "long_text" }),
      field("note", "Note", { optional: true }),
    ],
    one_of: [],
    recipient: "recipient",
    rows: [
      {
        id: "variables",
        label: "Template variables",
        help: "",
        kind: "named",
        name_label: "Variable",
        value_label: "Value",
        name_pattern: "",
        name_example: "VAR1",
        example: "A",
        max: 0,
        when: "",
      },
    ],
    not_documented: [],
    built_in: true,
  },
  probe_says: "Reads the account.",
  outcomes: [{ id: "accepted", documented: true }],
  simulated: ["api_key"],
};
const summary = (id: string, name: string, more: object = {}) => ({
  id,
  version: 2,
  name,
  service: name,
  channels: ["sms"],
  badge: "V",
  more: false,
  built_in: true,
  testable: true,
  setups: 0,
  ...more,
});
const list = {
  providers: [
    summary("acme-sms", "Acme SMS"),
    summary("mail", "Acme mail", { channels: ["email"] }),
    summary("mine", "Mine", { built_in: false }),
    summary("odd", "Odd SMS", { more: true, badge: "C" }),
  ],
  faults: [],
};

const plain = (text: string) => ({ plain: text, secret: false, stored: false, typed: "" });
const hidden = { plain: "", secret: true, stored: false, typed: "" };

/** Whether no section around it is folded. */
const inSight = (element: HTMLElement) => element.closest("[hidden]") === null;

type Entered = NonNullable<Draft["entered"]>;

/** As Go makes it: the fields, and one parameter a table row. Typed secrets never come back. */
function applied(input: unknown) {
  const { draft, entered, reset } = input as { draft: Draft; entered?: Entered; reset: boolean };
  const was = (name: string) => entered?.values.find((each) => each.id === name)?.value;
  const variables = entered?.tables.find((each) => each.id === "variables")?.rows ?? [];
  const fixed = [
    { id: "api_key", name: "api_key", value: { ...hidden, stored: was("api_key")?.stored ?? false }, template: false },
    ...["recipient", "message", "note"].map((name) => ({
      id: name,
      name,
      value: plain(was(name)?.plain ?? ""),
      template: true,
    })),
  ];
  return {
    draft: {
      ...draft,
      provider: "acme-sms",
      provider_version: reset ? 2 : draft.provider_version || 2,
      by_hand: [],
      entered: {
        values: fixed.map(({ id, value }) => ({ id, value })),
        tables: variables.length > 0 ? [{ id: "variables", rows: variables }] : [],
      },
      request: {
        ...draft.request,
        method: "POST",
        url: "https://api.acme.example/send",
        body_format: "json",
        auth: { ...draft.request.auth, type: "api_key", key_name: "X-Key", key_value: plain("{{api_key}}") },
        headers: [{ id: "header.1", name: "X-Version", value: plain("2") }],
        params: ["recipient", "message", ...variables.map((row) => row.name)].map((name, at) => ({
          id: `param.${at}`,
          name,
          value: plain(`{{${name}}}`),
          type: "",
          in: "",
          optional: false,
        })),
        fixed,
      },
    },
    faults: [],
    newer: draft.provider === "acme-sms" && draft.provider_version === 1,
    changes: [{ what: "Header X-Version", from: "1", to: "2" }],
  };
}

function office(answers: Parameters<typeof fakeOffice>[0] = {}) {
  return fakeOffice({
    "Provider.List": () => list,
    "Provider.Get": () => form,
    "Setup.Apply": applied,
    "Setup.Preview": () => ({
      ...preview,
      message: { alphabet: "ucs2", units: 71, segments: 2, left: 63, odd: ["’"] },
      advice: [{ name: "draft.request.fixed[1].value", message: "The sample value is not a phone number." }],
    }),
    ...answers,
  });
}

async function chosen(go = office()) {
  open("/setups/new");
  await waitFor(() => selector("Process"));
  await user.click(screen.getByRole("button", { name: "From a provider" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(await within(dialog).findByRole("button", { name: /Acme SMS/ }));
  await screen.findByLabelText(/^API key/);
  return go;
}

test("only place, the provider's fields and the message are open; the rest is one line with Change", async () => {
  await chosen();
  expect(inSight(section("Message").getByLabelText(/^To/))).toBe(true);
  expect(inSight(screen.getByText(/POST https:\/\/api.acme.example\/send, set by Acme/))).toBe(true);
  expect(inSight(screen.getByText(/1 header, set by Acme/))).toBe(true);
  expect(inSight(screen.getByText(/2 parameters, set by Acme/))).toBe(true);
  expect(inSight(screen.getByText(/API Key, set by Acme/))).toBe(true);
  expect(inSight(screen.getByLabelText(/^API URL/))).toBe(false);
  expect(section("Message").queryByLabelText("Note")).toBeNull();
  await user.click(section("Message").getByRole("button", { name: "Show" }));
  section("Message").getByLabelText("Note");
  await user.click(screen.getByRole("button", { name: "Change: API Configuration" }));
  expect(inSight(screen.getByLabelText(/^API URL/))).toBe(true);
  // Two SMS and why, and what to fix before it costs money.
  await screen.findByText(/2 SMS, 63 characters left/);
  screen.getByText(/’ is not in the SMS alphabet/);
  screen.getByText("The sample value is not a phone number.");
  expect(await axeFindings()).toEqual([]);
});

test("what is typed goes out with the save, the secret only from the page; the recipient is the stage's phone field", async () => {
  const go = await chosen(
    office({
      "Setup.Preview": () => ({
        ...preview,
        fields: [{ ...(preview.fields[0] as object), type: "phone" }],
        message: undefined,
        advice: [],
      }),
    }),
  );
  await fill(screen.getByLabelText(/^API key/), "sk_live_1");
  await fill(section("Message").getByLabelText(/^Text/), "Hello");
  await waitFor(() => expect((section("Message").getByLabelText(/^To/) as HTMLInputElement).value).toBe("{{Mobile}}"));
  await user.click(section("Message").getByRole("button", { name: "Add Row" }));
  await fill(section("Message").getByLabelText("Variable, row 1"), "VAR1");
  await waitFor(() => expect(inSight(screen.getByText(/3 parameters, set by Acme/))).toBe(true));
  await choose("Process", "Orders");
  await user.click(screen.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(go.inputs("Setup.Create")).toHaveLength(1));
  const { draft } = go.inputs("Setup.Create")[0] as { draft: Draft };
  expect(draft.provider).toBe("acme-sms");
  expect(draft.entered?.values.map((each) => [each.id, each.value.plain || each.value.typed])).toEqual([
    ["api_key", "sk_live_1"],
    ["recipient", "{{Mobile}}"],
    ["message", "Hello"],
    ["note", ""],
  ]);
  expect(draft.request.stage_params.map((row) => [row.variable, row.field])).toEqual([["Mobile", "Mobile"]]);
  expect(draft.request.params.map((row) => row.name)).toEqual(["recipient", "message", "VAR1"]);
});

/** The provider with a choice that says whether its text or the name of a template is sent. */
const choiceForm = {
  ...form,
  provider: {
    ...form.provider,
    fields: [
      field("kind", "Kind", { kind: "choice", choices: ["text", "template"], default: "text" }),
      field("message", "Text", { kind: "long_text", when: "kind=text" }),
      field("template", "Template", { when: "kind=template" }),
    ],
    rows: [],
  },
};

/** As Go makes it: only the fields that the choice shows, and every value that was entered. */
function appliedChoice(input: unknown) {
  const out = applied(input);
  const values = (input as { entered?: Entered }).entered?.values ?? [];
  const entered = (id: string) => values.find((each) => each.id === id)?.value;
  const kind = entered("kind") ?? plain("text");
  const shown = kind.plain === "text" ? "message" : "template";
  out.draft.request.fixed = [
    { id: "kind", name: "kind", value: kind, template: true },
    { id: shown, name: shown, value: entered(shown) ?? plain(""), template: true },
  ];
  out.draft.entered = {
    values: [{ id: "kind", value: kind }, ...values.filter((each) => each.id !== "kind")],
    tables: [],
  };
  return out;
}

test("what a choice hides is there again when it is changed back; Go is told what the request was made from", async () => {
  const go = office({ "Provider.Get": () => choiceForm, "Setup.Apply": appliedChoice });
  open("/setups/new");
  await waitFor(() => selector("Process"));
  await choose("Provider", "Acme SMS");
  await fill(await screen.findByLabelText(/^Text/), "Hello");
  await choose("Kind", "template");
  await fill(await section("Message").findByLabelText(/^Template/), "order_ready");
  expect(section("Message").queryByLabelText(/^Text/)).toBeNull();
  await choose("Kind", "text");
  expect(((await section("Message").findByLabelText(/^Text/)) as HTMLInputElement).value).toBe("Hello");
  const { draft, entered } = go.inputs("Setup.Apply").findLast((input) => {
    const asked = input as { draft: Draft; entered: Entered };
    return asked.draft.entered?.values[0]?.value.plain !== asked.entered.values[0]?.value.plain;
  }) as { draft: Draft; entered: Entered };
  const valueIn = (from: Entered | undefined, id: string) => from?.values.find((each) => each.id === id)?.value.plain;
  expect([valueIn(draft.entered, "kind"), valueIn(entered, "kind")]).toEqual(["template", "text"]);
  expect([valueIn(entered, "message"), valueIn(entered, "template")]).toEqual(["Hello", "order_ready"]);
});

test("messages are shown at the provider's fields, the account's under Authentication Configuration", async () => {
  const go = await chosen();
  go.answer("Setup.Create", () => {
    throw faultLine("invalid", "setup.invalid", "Three fields need a change.", {
      fields: [
        { name: "draft.request.fixed[0].value", message: "Enter API key." },
        { name: "draft.request.fixed[2].value", message: "Enter Text." },
      ],
    });
  });
  await user.click(screen.getByRole("button", { name: "Create" }));
  await section("Authentication Configuration").findByText("Enter API key.");
  section("Message").getByText("Enter Text.");
});

test("a request written by hand is replaced by a provider's only after a question; Other turns it into one written by hand", async () => {
  const go = office();
  open("/setups/new");
  await waitFor(() => selector("Process"));
  await fill(screen.getByLabelText(/^API URL/), "https://mine.example");
  await choose("Provider", "Acme SMS");
  await user.click(await screen.findByRole("button", { name: "Keep my request" }));
  expect(go.inputs("Setup.Apply")).toHaveLength(0);
  await choose("Provider", "Acme SMS");
  await user.click(await screen.findByRole("button", { name: "Use Acme SMS" }));
  await screen.findByLabelText(/^API key/);
  go.answer("Setup.Apply", (input: unknown) => ({
    ...applied(input),
    draft: { ...emptyDraft(), request: { ...emptyDraft().request, url: "https://api.acme.example/send" } },
  }));
  await choose("Provider", "Other: write the request myself");
  await waitFor(() => expect(screen.queryByLabelText(/^API key/)).toBeNull());
  expect((screen.getByLabelText(/^API URL/) as HTMLInputElement).value).toBe("https://api.acme.example/send");
});

test("a newer file offers See changes and changes nothing by itself", async () => {
  const saved = savedSetup({ provider: "acme-sms", provider_version: 1 });
  const go = office({ "Setup.Get": () => saved });
  open("/setups/s1");
  await screen.findByText(/Keydesk knows a newer request of Acme SMS/, {}, { timeout: 10_000 });
  await user.click(screen.getByRole("button", { name: "See changes" }));
  const dialog = await screen.findByRole("dialog");
  within(dialog).getByText("Header X-Version");
  await user.click(within(dialog).getByRole("button", { name: "Leave it as it is" }));
  expect(go.inputs("Setup.Apply").every((input) => !(input as { reset: boolean }).reset)).toBe(true);
  await user.click(screen.getByRole("button", { name: "See changes" }));
  await user.click(await screen.findByRole("button", { name: "Use the newer request" }));
  await waitFor(() => expect((go.inputs("Setup.Apply").at(-1) as { reset: boolean }).reset).toBe(true));
});

test("Check this credential: its validity, its reason, and the field to change", async () => {
  const go = await chosen();
  go.answer("Call.Check", () => ({
    validity: "invalid",
    reason: "Refused by Acme: wrong key (code 7).",
    at_ms: Date.now(),
    says: "Reads the account.",
    status: 401,
    total_ms: 12,
    fix: { path: "draft.request.fixed[0].value", label: "API key" },
  }));
  screen.getByText(/Reads the account. No message is sent./);
  await user.click(screen.getByRole("button", { name: "Check this credential" }));
  await screen.findByText("Invalid");
  screen.getByText("Refused by Acme: wrong key (code 7).");
  await user.click(screen.getByRole("button", { name: "Go to API key" }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(/^API key/)));
  const asked = go.inputs("Call.Check")[0] as { draft: Draft; operation_id: string };
  expect(asked.operation_id).not.toBe("");
  go.answer("Call.Check", () => {
    throw faultLine("invalid", "setup.invalid", "Enter API key.", {
      fields: [{ name: "draft.request.fixed[0].value", message: "Enter API key." }],
    });
  });
  await user.click(screen.getByRole("button", { name: "Check this credential" }));
  await section("Authentication Configuration").findByText("Enter API key.");
});

test("Paste an example of a known provider: it is offered as that provider, with what is not part of it", async () => {
  const own = applied({ draft: { ...emptyDraft(), provider: "acme-sms" }, reset: false }).draft;
  const go = office({
    "Setup.Paste": () => ({
      id: "p1",
      draft: emptyDraft(),
      dialect: "posix",
      made: [],
      not_carried: [],
      secrets: ["auth.token"],
      provider: { id: "acme-sms", name: "Acme SMS", paste_id: "p2", draft: own, left_out: ["X-Odd"] },
    }),
  });
  open("/setups/new");
  await waitFor(() => selector("Process"));
  await user.click(screen.getByRole("button", { name: "Paste an example" }));
  await fill(
    await screen.findByLabelText("Example from the provider's help page"),
    "curl https://api.acme.example/send",
  );
  await user.click(screen.getByRole("button", { name: "Read" }));
  await screen.findByText("This is Acme SMS");
  screen.getByText(/X-Odd/);
  await user.click(screen.getByRole("button", { name: "Use Acme SMS" }));
  await screen.findByLabelText(/^API key/);
  await choose("Process", "Orders");
  await user.click(screen.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(go.inputs("Setup.Create")).toHaveLength(1));
  expect((go.inputs("Setup.Create")[0] as { copy_of: Source }).copy_of).toEqual({ setup_id: "", paste_id: "p2" });
});

test("Escape closes the menu that floats above the form, and only that", async () => {
  await chosen();
  await user.click(section("Message").getByRole("button", { name: "Insert a stage field: Text" }));
  await screen.findByRole("menu");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  expect(screen.queryByText(/Leave the new setup without saving/)).toBeNull();
});

test("A35: a field that a newer file marks as secret asks for a new value and shows nothing of the plain one", async () => {
  const saved = savedSetup({ provider: "acme-sms", provider_version: 1 });
  const entered = { values: [{ id: "api_key", value: plain("old-plain-key") }], tables: [] };
  saved.draft.entered = entered;
  saved.draft.request.fixed = [{ id: "api_key", name: "api_key", value: plain("old-plain-key"), template: false }];
  const go = office({ "Setup.Get": () => saved });
  open("/setups/s1");
  const key = await screen.findByLabelText<HTMLInputElement>(/^API key/);
  expect(key.type).toBe("password");
  expect(key.value).toBe("");
  screen.getByText(exposedWords);
  await fill(key, "new-key-1");
  await user.click(screen.getByRole("button", { name: "Update" }));
  await waitFor(() => expect(go.inputs("Setup.Update")).toHaveLength(1));
  const { draft } = go.inputs("Setup.Update")[0] as { draft: Draft };
  expect(draft.entered?.values[0]?.value.typed).toBe("new-key-1");
});

test("S2: what is typed in the request while Go makes it again stays", async () => {
  const late = lateAnswer();
  const go = await chosen();
  await user.click(screen.getByRole("button", { name: "Change: API Configuration" }));
  await user.click(screen.getByRole("button", { name: "Change: Additional Header List" }));
  go.answer("Setup.Apply", late.answer(applied));
  const before = go.inputs("Setup.Apply").length;
  // A row of a table makes the request again; meanwhile a person goes on below.
  await user.click(section("Message").getByRole("button", { name: "Add Row" }));
  await user.type(section("Message").getByRole("textbox", { name: "Variable, row 1" }), "city");
  const url = screen.getByRole("textbox", { name: /^API URL/ });
  await user.type(url, "/v2");
  await user.type(screen.getByRole("textbox", { name: "Header Value, row 1" }), "1");
  await waitFor(() => expect(go.inputs("Setup.Apply").length).toBeGreaterThan(before));
  late.arrive();
  await screen.findByText(/3 parameters/);
  expect((url as HTMLInputElement).value).toBe("https://api.acme.example/send/v2");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Header Value, row 1" }).value).toBe("21");
  expect(section("Message").getByRole<HTMLInputElement>("textbox", { name: "Variable, row 1" }).value).toBe("city");
  late.arrive();
});

test("S2: a provider's rows keep their fields, wherever their text comes from", async () => {
  const table = form.provider.rows[0] as ProviderTable;
  let bring: (rows: { name: string; value: string }[]) => void = () => {};
  function Held({ kind }: { kind: string }) {
    const [rows, setRows] = useState([{ name: " city", value: "Pune" }]);
    bring = setRows;
    return (
      <ProviderTableEditor table={{ ...table, kind }} rows={rows} onChange={setRows} errors={{}} readOnly={false} />
    );
  }
  const { rerender } = renderInShell(<Held kind="named" />);
  const value = screen.getByRole("textbox", { name: "Value, row 1" });
  value.focus();
  // Go trims the name, adds a row, takes one away: the field in which a person types is the same one.
  act(() => bring([{ name: "city", value: "Pune" }]));
  act(() =>
    bring([
      { name: "city", value: "Pune" },
      { name: "street", value: "" },
    ]),
  );
  act(() => bring([{ name: "city", value: "Pune 1" }]));
  expect(screen.getByRole("textbox", { name: "Value, row 1" })).toBe(value);
  expect(document.activeElement).toBe(value);
  expect((value as HTMLInputElement).value).toBe("Pune 1");
  // A new row of numbered values is where the focus goes.
  rerender(<Held kind="ordered" />);
  await user.click(screen.getByRole("button", { name: "Add Row" }));
  await user.keyboard("second");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Value, row 2" })).toBe(document.activeElement);
});
