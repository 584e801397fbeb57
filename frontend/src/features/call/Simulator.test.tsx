import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { user } from "../../testing/user";
import { TestPanel } from "./TestPanel";
import { aDetail, aField } from "./testing/sample";
import type { Detail, Draft } from "./types";

const session = signedIn(["setup.test", "setup.view", "setup.edit"]);
const fields = [aField("Mobile", { type: "phone", sample: "+919812345678" })];
const draft = {
  provider: "msg91-flow",
  channel: "sms",
  request: { url: "https://control.msg91.com/api/v5/flow/", stage_params: [{ field: "Mobile" }] },
} as unknown as Draft;

const documented = ["accepted", "wrong_credentials", "slow", "broken", "partial"];
const form = {
  provider: { id: "msg91-flow", name: "MSG91 SMS (Flow)", service: "MSG91" },
  probe_says: "",
  simulated: ["auth_key"],
  outcomes: ["accepted", "wrong_credentials", "bad_number", "no_balance", "throttled", "slow", "broken", "partial"].map(
    (id) => ({ id, documented: documented.includes(id) }),
  ),
};

type Props = Partial<Parameters<typeof TestPanel>[0]>;

const source = { setup_id: "s1", paste_id: "" };

function open(answer: () => Detail, more: Props = {}) {
  const go = fakeGo({ "Call.Test": answer, "Provider.Get": () => form, "Window.OpenLink": () => ({ opened: true }) });
  renderInShell(<TestPanel setupId="s1" source={source} draft={draft} fields={fields} {...more} />, { session });
  return go;
}
const fire = () => fireEvent.click(screen.getByRole("button", { name: "Test" }));
const simulated = (outcome: string, more: Partial<Detail["call"]> = {}) => ({
  simulated: outcome,
  service: "MSG91",
  ...more,
});

afterEach(() => vi.useRealTimers());

// A57: with a provider, the simulator is the target at first.
test("with a provider the simulator is chosen at first, and Ctrl+Enter fires at it", async () => {
  const go = open(() => aDetail(simulated("accepted", { reason: "Accepted by MSG91. Not yet delivered." })));
  const target = await screen.findByRole("radiogroup", { name: "Target" });
  expect(within(target).getByRole<HTMLInputElement>("radio", { name: "Simulator" }).checked).toBe(true);
  expect(within(target).getByRole<HTMLInputElement>("radio", { name: "MSG91 SMS (Flow)" }).checked).toBe(false);
  screen.getByText("Nothing leaves this computer, it costs no money, and no stored secret is used.");
  fireEvent.keyDown(screen.getByLabelText("Mobile"), { key: "Enter", ctrlKey: true });
  await screen.findByText("Accepted by MSG91. Not yet delivered.");
  expect(go.inputs("Call.Test")).toMatchObject([{ simulate: "accepted", confirmed: false }]);
  const answer = screen.getByRole("region", { name: "Answer" });
  expect(within(answer).getByText("Simulator")).toBeTruthy();
  expect(within(answer).getByText("The simulator found nothing wrong with the request.")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);
});

test("every outcome has plain words; one that is not documented says so quietly", async () => {
  const go = open(() => aDetail(simulated("no_balance")));
  const answers = await screen.findByRole("combobox", { name: "Answer to play" });
  await user.click(answers);
  const options = (await screen.findAllByRole("option")).map((each) => each.textContent);
  expect(options).toEqual([
    "Accepted",
    "Wrong credentials",
    "Bad numbernot documented",
    "No balancenot documented",
    "Too fastnot documented",
    "Slow",
    "Broken answer",
    "Partly accepted",
  ]);
  expect(screen.queryByText(/does not document this answer/)).toBeNull();
  await user.click(screen.getByRole("option", { name: /No balance/ }));
  await screen.findByText(/MSG91 does not document this answer, so a plain one is played\./);
  // From the selector too, without opening its list again.
  await waitFor(() => expect(screen.queryByRole("option")).toBeNull());
  fireEvent.keyDown(answers, { key: "Enter", code: "Enter", ctrlKey: true });
  await screen.findByText("Answer to play: No balance. Nothing was sent to MSG91.");
  expect(screen.queryByRole("option")).toBeNull();
  expect(go.inputs("Call.Test")).toMatchObject([{ simulate: "no_balance" }]);
});

test("the provider itself is a separate choice that says it may cost money", async () => {
  const go = open(() => aDetail({ service: "MSG91", reason: "Accepted by MSG91." }));
  fireEvent.click(await screen.findByRole("radio", { name: "MSG91 SMS (Flow)" }));
  screen.getByText("Sends one real SMS and may cost money. You are asked once for each recipient.");
  expect(screen.queryByRole("combobox", { name: "Answer to play" })).toBeNull();
  expect(screen.queryByText(/Nothing leaves this computer/)).toBeNull();
  fire();
  await screen.findByText("Accepted by MSG91.");
  expect(go.inputs("Call.Test")).toMatchObject([{ simulate: "" }]);
  const answer = screen.getByRole("region", { name: "Answer" });
  expect(within(answer).queryByText("Simulator")).toBeNull();
  expect(within(answer).queryByText(/The simulator found/)).toBeNull();
});

test("Fire again repeats what is shown: a simulated call stays simulated after the provider was chosen", async () => {
  const go = open(() => aDetail(simulated("slow")));
  await user.click(await screen.findByRole("combobox", { name: "Answer to play" }));
  await user.click(await screen.findByRole("option", { name: "Slow" }));
  fire();
  const again = await screen.findByRole("button", { name: "Fire again" });
  fireEvent.click(screen.getByRole("radio", { name: "MSG91 SMS (Flow)" }));
  fireEvent.click(again);
  await waitFor(() => expect(go.inputs("Call.Test")).toHaveLength(2));
  expect(go.inputs("Call.Test")).toMatchObject([{ simulate: "slow" }, { simulate: "slow" }]);
});

test("fired before the provider's file is read, a test goes to the simulator and never to the provider", async () => {
  const go = fakeGo({ "Call.Test": () => aDetail(simulated("accepted")), "Provider.Get": () => new Promise(() => {}) });
  renderInShell(<TestPanel setupId="s1" source={source} draft={draft} fields={fields} />, { session });
  fire();
  await waitFor(() => expect(go.inputs("Call.Test")).toMatchObject([{ simulate: "accepted" }]));
});

test("without a provider there is no target to choose, and a test goes to the address", async () => {
  const plain = { ...draft, provider: "" } as Draft;
  const go = open(() => aDetail(), { draft: plain });
  expect(screen.queryByRole("radiogroup", { name: "Target" })).toBeNull();
  fire();
  await screen.findByText("Accepted by 127.0.0.1. Not yet delivered.");
  expect(go.inputs("Call.Test")).toMatchObject([{ simulate: "" }]);
  expect(go.inputs("Provider.Get")).toEqual([]);
});

test("without the provider's file a test goes to the address, and the panel says so", async () => {
  const go = open(() => aDetail());
  go.answer("Provider.Get", () => {
    throw faultLine("not_found", "provider.not_found", "This provider is not known here.");
  });
  await screen.findByText(/The file of this setup's provider is not here/);
  fire();
  await screen.findByText("Accepted by 127.0.0.1. Not yet delivered.");
  expect(go.inputs("Call.Test")).toMatchObject([{ simulate: "" }]);
});

// The simulator says what was wrong with what it received (RULES.md, Simulator).
test("what the simulator found is listed above the tabs, and no rule is offered for what it played", async () => {
  const findings = ["Auth key is missing.", 'The number "12" is too short.'];
  open(
    () =>
      aDetail(simulated("accepted", { verdict: "refused", reason: "Refused by MSG91." }), {
        findings,
        result: { by: "status only", verdict: "accepted" },
      }),
    { onRule: () => {} },
  );
  await screen.findByRole("radiogroup", { name: "Target" });
  fire();
  const found = await screen.findByRole("region", { name: "Simulator" });
  within(found).getByText("The simulator found 2 things that MSG91 would refuse:");
  expect(
    within(found)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual(findings);
  const tabs = screen.getByRole("tablist");
  expect(found.compareDocumentPosition(tabs) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  // R8: nobody is asked whether a message arrived that was never sent.
  expect(screen.queryByText(/Did the message arrive/)).toBeNull();
  expect(screen.queryByRole("button", { name: "Make a rule from this" })).toBeNull();
});

// R8: the field to change, as a link; the path is that of the form.
test("a refusal leads to the provider's field, not to the one the status hints at", async () => {
  const onField = vi.fn();
  open(
    () =>
      aDetail(simulated("wrong_credentials", { status: 401, verdict: "refused", reason: "Refused by MSG91." }), {
        fix: { path: "draft.request.fixed[1].value", label: "Auth key" },
      }),
    { onField },
  );
  fire();
  fireEvent.click(await screen.findByRole("button", { name: "Go to Auth key" }));
  expect(onField).toHaveBeenCalledExactlyOnceWith("draft.request.fixed.1.value");
  expect(screen.queryByRole("button", { name: "Go to Authentication" })).toBeNull();
});

// R8: throttled says when to try again.
test("a throttled answer counts down to when it may be tried again", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  open(() =>
    aDetail(simulated("throttled", { verdict: "throttled", at_ms: Date.now(), total_ms: 0, reason: "Too fast." }), {
      result: { retry_after_s: 20, hint: "Wait 20 s before sending again." },
    }),
  );
  fire();
  await screen.findByRole("region", { name: "Answer" });
  expect(screen.getByRole("timer").textContent).toMatch(/^Try again in (20|19) s\.$/);
  expect(screen.queryByText("Wait 20 s before sending again.")).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(screen.getByRole("timer").textContent).toMatch(/^Try again in (10|9) s\.$/);
  await act(() => vi.advanceTimersByTimeAsync(11_000));
  screen.getByText("You can try again now.");
  expect(screen.queryByRole("timer")).toBeNull();
});

// R8
test("delivery that cannot be seen leads to the provider's page, through the window's own question", async () => {
  const page = "https://control.msg91.com/app/";
  const go = open(() => aDetail({ reason: "Accepted by MSG91." }, { delivery: page }));
  fireEvent.click(await screen.findByRole("radio", { name: "MSG91 SMS (Flow)" }));
  fire();
  const link = await screen.findByRole("button", { name: "the provider's page" });
  expect(link.parentElement?.textContent).toBe("Keydesk cannot see delivery; check the provider's page.");
  fireEvent.click(link);
  await waitFor(() => expect(go.inputs("Window.OpenLink")).toEqual([{ url: page }]));
  expect(document.querySelector('a[href^="https:"]')).toBeNull();
});

test("nothing is said about delivery after a refusal", async () => {
  open(() => aDetail({ verdict: "refused", reason: "Refused by MSG91." }, { delivery: "https://control.msg91.com/" }));
  fire();
  await screen.findByText("Refused by MSG91.");
  expect(screen.queryByText(/cannot see delivery/)).toBeNull();
});
