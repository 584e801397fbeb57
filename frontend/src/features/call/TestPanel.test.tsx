import { Drawer } from "@mantine/core";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { type FakeBridge, fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { user } from "../../testing/user";
import { TestPanel } from "./TestPanel";
import { aDetail, aField } from "./testing/sample";
import type { Detail, Draft } from "./types";

const rights = signedIn(["setup.test", "setup.view", "setup.edit"]);
const fields = [aField("Mobile", { type: "phone", sample: "+919812345678" }), aField("Customer")];
const taking = (...names: string[]) =>
  ({
    request: { url: "http://127.0.0.1:7000/sms", stage_params: names.map((field) => ({ field })) },
  }) as unknown as Draft;
const draft = taking("Mobile", "Customer");

const source = { setup_id: "s1", paste_id: "" };

function open(answer: (input: never) => unknown, more: Partial<Parameters<typeof TestPanel>[0]> = {}): FakeBridge {
  const go = fakeGo({ "Call.Test": answer, "Operation.Cancel": () => ({ done: 0, total: 0, text: "" }) });
  renderInShell(<TestPanel setupId="s1" source={source} draft={draft} fields={fields} {...more} />, {
    session: rights,
  });
  return go;
}
const test_ = () => fireEvent.click(screen.getByRole("button", { name: "Test" }));

// A57
test("the draft is fired with the sample values as changed, and the verdict comes first in words", async () => {
  const go = open(() => aDetail());
  expect(screen.getByText("this computer (127.0.0.1:7000)")).toBeTruthy();
  const mobile = screen.getByLabelText<HTMLInputElement>("Mobile");
  expect(mobile.value).toBe("+919812345678");
  await user.type(screen.getByLabelText("Customer"), "Meera");
  fireEvent.keyDown(mobile, { key: "Enter", ctrlKey: true });

  await screen.findByText("Accepted by 127.0.0.1. Not yet delivered.");
  expect(go.inputs("Call.Test")).toEqual([
    {
      setup_id: "s1",
      source,
      simulate: "",
      draft,
      record: { Mobile: "+919812345678", Customer: "Meera" },
      confirmed: false,
      operation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  ]);
  expect(screen.getByText("201 Created")).toBeTruthy();
  expect(screen.getByText("412 ms")).toBeTruthy();
  expect(screen.getByText("SM9f")).toBeTruthy();
  expect(screen.getByText("status 201 and $.sid present")).toBeTruthy();
  expect(screen.getByText("First byte")).toBeTruthy();
  fireEvent.click(screen.getByRole("tab", { name: "Headers 1" }));
  expect(within(screen.getByRole("table", { name: "Headers" })).getByText("application/json")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);
});

test("the fields that the setup takes come first; the others are one click away and are still sent", async () => {
  const go = open(() => aDetail(), { draft: taking("Mobile") });
  expect(screen.queryByLabelText("Customer")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show 1 more stage field" }));
  await user.type(screen.getByLabelText("Customer"), "Meera");
  test_();
  await screen.findByText("Accepted by 127.0.0.1. Not yet delivered.");
  expect(go.inputs("Call.Test")).toMatchObject([{ record: { Mobile: "+919812345678", Customer: "Meera" } }]);
});

// A46
test("a value that was refused has its message at its field, an unread one too, and what was typed stays", async () => {
  const lost = "Digits were lost: a spreadsheet shortened this to 9.19877E+11. Type the whole number.";
  const date = "Write a date as YYYY-MM-DD, as in 2026-11-27.";
  const go = open(
    () => {
      throw faultLine("invalid", "call.fields", "These values do not fit their stage fields: Mobile, Due.", {
        fields: [
          { name: "record.Mobile", message: lost },
          { name: "record.Due", message: date },
        ],
      });
    },
    { draft: taking("Mobile"), fields: [...fields, aField("Due", { type: "date", sample: "27.11.2026" })] },
  );
  const mobile = screen.getByLabelText<HTMLInputElement>("Mobile");
  await user.clear(mobile);
  await user.type(mobile, "9.19877E+11");
  expect(screen.queryByLabelText("Due")).toBeNull();
  test_();
  await screen.findByText(lost);
  expect(screen.getByLabelText("Mobile").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText<HTMLInputElement>("Mobile").value).toBe("9.19877E+11");
  expect(screen.getByText(date)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Due").value).toBe("27.11.2026");
  expect(screen.queryByLabelText("Customer")).toBeNull();
  expect(go.inputs("Call.Test")).toMatchObject([{ record: { Mobile: "9.19877E+11" } }]);
});

test("A35: the form is told of each test, since what was fired is in the history", async () => {
  const fired: number[] = [];
  let fails = true;
  open(
    () => {
      if (fails) throw faultLine("unavailable", "store.busy", "Another program is using Keydesk's data.");
      return aDetail();
    },
    { onFired: () => fired.push(1) },
  );
  test_();
  await screen.findByText(/Another program is using/);
  expect(fired).toEqual([]);
  fails = false;
  test_();
  await screen.findByText("Accepted by 127.0.0.1. Not yet delivered.");
  expect(fired).toEqual([1]);
});

test("a call that leaves this computer asks first; Do not send sends nothing, Send sends it once", async () => {
  const message = "This sends one real SMS to +919812345678 through api.twilio.com:443 and may cost money.";
  const go = open((input: { confirmed: boolean }) => {
    if (!input.confirmed) throw faultLine("conflict", "call.confirm", message);
    return aDetail();
  });
  test_();
  await screen.findByText(message);
  fireEvent.click(screen.getByRole("button", { name: "Do not send" }));
  await waitFor(() => expect(screen.queryByText(message)).toBeNull());
  expect(go.inputs("Call.Test")).toHaveLength(1);
  expect(screen.queryByRole("alert")).toBeNull();

  test_();
  await screen.findByText(message);
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  await screen.findByText("Accepted by 127.0.0.1. Not yet delivered.");
  const asked = go.inputs("Call.Test") as { confirmed: boolean; operation_id: string }[];
  expect(asked.map((input) => input.confirmed)).toEqual([false, false, true]);
  expect(new Set(asked.map((input) => input.operation_id)).size).toBe(3);
});

test("Escape at the question sends nothing and leaves the panel's drawer open", async () => {
  const message = "This sends one real SMS to +919812345678 through api.twilio.com:443 and may cost money.";
  const go = fakeGo({
    "Call.Test": () => {
      throw faultLine("conflict", "call.confirm", message);
    },
  });
  const closed = vi.fn();
  renderInShell(
    <Drawer opened onClose={closed} title="Test" transitionProps={{ duration: 0 }}>
      <TestPanel setupId="s1" source={source} draft={draft} fields={fields} />
    </Drawer>,
    { session: rights },
  );
  fireEvent.click(await screen.findByRole("button", { name: "Test" }));
  fireEvent.keyDown(await screen.findByText(message), { key: "Escape" });
  await waitFor(() => expect(screen.queryByText(message)).toBeNull());
  expect(closed).not.toHaveBeenCalled();
  expect(go.inputs("Call.Test")).toHaveLength(1);
  fireEvent.keyDown(screen.getByRole("dialog"), { key: "Escape" });
  expect(closed).toHaveBeenCalledOnce();
});

test("a running test shows the time, is cancelled by its own id, and a second press fires nothing", async () => {
  let answer: (detail: Detail) => void = () => {};
  const go = open(() => new Promise<Detail>((resolve) => (answer = resolve)));
  test_();
  fireEvent.keyDown(screen.getByLabelText("Mobile"), { key: "Enter", ctrlKey: true });
  fireEvent.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(screen.getByRole("timer").textContent).toMatch(/^\d+\.\d s$/);
  expect(screen.getByText("Cancelling …")).toBeTruthy();
  const [fired] = go.inputs("Call.Test") as { operation_id: string }[];
  expect(go.inputs("Call.Test")).toHaveLength(1);
  await waitFor(() => expect(go.inputs("Operation.Cancel")).toEqual([{ id: fired?.operation_id }]));
  act(() => answer(aDetail({ verdict: "unclear", reason: "Cancelled. The message may have been sent.", status: 0 })));
  await screen.findByText("Cancelled. The message may have been sent.");
});

test("leaving the panel cancels the running test", async () => {
  const go = fakeGo({ "Call.Test": () => new Promise(() => {}), "Operation.Cancel": () => ({}) });
  const { unmount } = renderInShell(<TestPanel setupId="s1" source={source} draft={draft} fields={fields} />, {
    session: rights,
  });
  test_();
  await screen.findByRole("button", { name: "Cancel" });
  unmount();
  await waitFor(() => expect(go.inputs("Operation.Cancel")).toHaveLength(1));
});

// R1
test("missing values are all named, and each leads to its input", async () => {
  const onField = vi.fn();
  open(
    () => {
      throw faultLine("invalid", "request.missing_value", "There is no value for one, two and four.", {
        fields: [{ name: "draft.request.headers[2].value", message: "There is no value for one." }],
      });
    },
    { onField },
  );
  test_();
  await screen.findByText("There is no value for one, two and four.");
  fireEvent.click(screen.getByRole("button", { name: "There is no value for one." }));
  expect(onField).toHaveBeenCalledWith("draft.request.headers.2.value");
});

test("a message about a single input is shown once, with a link to it", async () => {
  const onField = vi.fn();
  const message = "recipient is not a phone number Keydesk can read.";
  open(
    () => {
      throw faultLine("invalid", "request.bad_value", message, {
        fields: [{ name: "draft.request.fixed[2].value", message }],
      });
    },
    { onField },
  );
  test_();
  expect(await screen.findAllByText(message)).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "Go to the field" }));
  expect(onField).toHaveBeenCalledWith("draft.request.fixed.2.value");
});

test("a refusal of the credentials leads to Authentication", async () => {
  const onField = vi.fn();
  const reason = "Refused by Twilio: wrong credentials (status 401).";
  open(
    () =>
      aDetail(
        { status: 401, verdict: "refused", reason },
        { result: { hint: "Check the fields under Authentication." } },
      ),
    { onField },
  );
  test_();
  await screen.findByText(reason);
  fireEvent.click(screen.getByRole("button", { name: "Go to Authentication" }));
  expect(onField).toHaveBeenCalledWith("draft.request.auth");
});

// R8
test("judged by the status alone it asks whether the message arrived and shows the rule before it is kept", async () => {
  const onRule = vi.fn();
  const go = open(() => aDetail({ status: 200 }, { result: { by: "status only", rule_text: "status 200-299" } }), {
    onRule,
  });
  const rule = {
    status: "200",
    any_of: false,
    conditions: [{ from: "json", path: "$.sid", test: "present", value: "" }],
    each: "",
    message_id: { from: "json", path: "$.sid" },
    error_code: { from: "", path: "" },
    error_text: { from: "", path: "" },
    throttled: [],
  };
  go.answer("Call.SuggestRule", () => rule);
  test_();
  await screen.findByText("The server answered 200. Did the message arrive?");
  fireEvent.click(screen.getByRole("button", { name: "Yes, it arrived" }));
  await screen.findByText("status 200 and $.sid present");
  expect(onRule).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Keep this rule" }));
  await screen.findByText("The rule is in the form now. Save the setup to keep it.");
  expect(onRule).toHaveBeenCalledExactlyOnceWith(rule);
  expect(go.inputs("Call.SuggestRule")).toEqual([{ id: "c1", path: "", value: "" }]);
});

// R8, T2
test("a success that speaks of an error is unclear, and a rule can be made from it", async () => {
  const reason = "The server answered 200 but the body speaks of an error. Did the message arrive?";
  open(
    () =>
      aDetail(
        { status: 200, verdict: "unclear", reason },
        { result: { by: "status only", verdict: "unclear", reason } },
      ),
    {
      onRule: vi.fn(),
    },
  );
  test_();
  await screen.findByText("If the message arrived, a rule can be made from this answer.");
  expect(screen.getByRole("button", { name: "Yes, it arrived" })).toBeTruthy();
});

test("a person who may neither create nor edit is offered no rule", async () => {
  fakeGo({ "Call.Test": () => aDetail({}, { result: { by: "status only" } }) });
  renderInShell(<TestPanel setupId="s1" source={source} draft={draft} fields={fields} onRule={() => {}} />, {
    session: signedIn(["setup.test"]),
  });
  test_();
  await screen.findByText("Accepted by 127.0.0.1. Not yet delivered.");
  expect(screen.queryByText(/Did the message arrive/)).toBeNull();
  expect(screen.queryByRole("button", { name: "Make a rule from this" })).toBeNull();
});

// RULES.md, Window
test("an answer is never a page: tags stay text, and marks that turn the direction are shown", async () => {
  const text = '<img src=x onerror="window.bad=1"><script>window.bad=1</script>';
  open(() =>
    aDetail(
      { reason: "Refused by evil: \u202Egnorw <b>." },
      { text, answer: { headers: [{ name: "X-Evil", value: "<b>bold</b>\u202E" }] } },
    ),
  );
  test_();
  await screen.findByText(/gnorw <b>\./);
  expect(screen.getAllByText("\\u202E").length).toBeGreaterThan(0);
  const body = await screen.findByLabelText("Answer body", {}, { timeout: 20_000 });
  expect(body.textContent).toContain("<script>");
  fireEvent.click(screen.getByRole("tab", { name: "Headers 1" }));
  expect(screen.getByText(/<b>bold<\/b>/)).toBeTruthy();
  expect(document.querySelector("img, script, b")).toBeNull();
  expect((window as { bad?: number }).bad).toBeUndefined();
});

test("a reused connection, redirects and a cut answer are described in words", async () => {
  open(() =>
    aDetail(
      {},
      {
        text_cut: true,
        answer: {
          cut: "halfway",
          timings: { dns_ms: 0, connect_ms: 0, tls_ms: 0, first_byte_ms: 3, download_ms: 1, total_ms: 4, reused: true },
          hops: [
            {
              method: "POST",
              url: "http://a/",
              status: 302,
              location: "http://b/",
              followed: false,
              note: "Not followed: redirects are off.",
            },
          ],
        },
      },
    ),
  );
  test_();
  await screen.findByText("Connection reused");
  expect(screen.queryByText("DNS")).toBeNull();
  expect(screen.getByText("The connection ended before the answer did. This is what arrived.")).toBeTruthy();
  expect(screen.getByRole("list", { name: "Redirects" }).textContent).toContain("Not followed: redirects are off.");
});
