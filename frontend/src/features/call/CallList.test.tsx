import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeGo, faultLine, signedIn } from "../../testing/bridge";
import { axeFindings, renderInShell } from "../../testing/render";
import { user } from "../../testing/user";
import CallScreens from "./index";
import { aCall, aDetail, aField, aPage } from "./testing/sample";

const everything = signedIn(["call.view", "call.send", "setup.test", "setup.view", "setup.edit", "process.view"]);
const page = aPage([aCall(), aCall({ id: "c0", verdict: "refused", status: 401, mode: "live" })]);

test("the history is listed, filtered by the address, and searched by recipient", async () => {
  const go = fakeGo({ "Call.List": () => page, "Setup.Get": () => ({ title: "Order shipped, SMS" }) });
  renderInShell(<CallScreens />, { session: everything, at: "/calls?setup=s1&run=r1" });
  const grid = await screen.findByRole("grid", { name: "calls" });
  await within(grid).findByText("Refused");
  expect(screen.getByText("2 calls")).toBeTruthy();
  expect(within(grid).getByText("Live")).toBeTruthy();
  expect(within(grid).getAllByText("412 ms")).toHaveLength(2);
  await user.type(screen.getByLabelText("Search recipient"), "98123");
  await waitFor(() =>
    expect(go.inputs("Call.List").at(-1)).toEqual({
      setup_id: "s1",
      run_id: "r1",
      mode: "",
      target: "",
      verdict: "",
      recipient: "98123",
      oldest_first: false,
      before: "",
      limit: 100,
    }),
  );
  fireEvent.click(screen.getByRole("button", { name: "Clear the filter One run of Test all" }));
  await waitFor(() => expect(go.inputs("Call.List").at(-1)).toMatchObject({ run_id: "", setup_id: "s1" }));
  expect(window.location.hash).toContain("search=98123");
  expect(await axeFindings()).toEqual([]);
});

test("the next page starts below the last call read", async () => {
  const go = fakeGo({
    "Call.List": ({ before }: { before: string }) =>
      before
        ? aPage([aCall({ id: "old", recipient: "+4930000000" })], { count: 0 })
        : aPage([aCall({ id: "new" }), aCall({ id: "mid" })], { more: true, count: 1000, capped: true }),
  });
  renderInShell(<CallScreens />, { session: everything, at: "/calls" });
  await screen.findByText("+4930000000");
  expect(
    go
      .inputs("Call.List")
      .map((input) => (input as { before: string }).before)
      .slice(-2),
  ).toEqual(["", "mid"]);
  // The count is of all there are, not of what was read so far.
  expect(screen.getByText("1,000+ calls")).toBeTruthy();
});

test("a click on the time reverses the list, and the address keeps the order", async () => {
  const go = fakeGo({ "Call.List": () => page });
  renderInShell(<CallScreens />, { session: everything, at: "/calls" });
  const header = await screen.findByRole("columnheader", { name: "Time" });
  expect(header.getAttribute("aria-sort")).toBe("descending");
  fireEvent.click(within(header).getByRole("button"));
  await waitFor(() => expect(go.inputs("Call.List").at(-1)).toMatchObject({ oldest_first: true, before: "" }));
  expect(window.location.hash).toContain("order=oldest");
  expect(screen.getByRole("columnheader", { name: "Time" }).getAttribute("aria-sort")).toBe("ascending");
});

// Nobody may take what the simulator played for a real result (RULES.md, Simulator).
test("simulated calls say Simulator in the list, the drawer and the comparison, and can be filtered by it", async () => {
  const played = { simulated: "bad_number", verdict: "refused", service: "Twilio" };
  const go = fakeGo({
    "Call.List": ({ target }: { target: string }) =>
      target === "simulator"
        ? aPage([aCall({ id: "c1", ...played })])
        : aPage([aCall({ id: "c1", ...played }), aCall({ id: "c0" })]),
    "Call.Get": ({ id }: { id: string }) => aDetail(id === "c1" ? { id, ...played } : { id }),
    "Call.Again": () => aDetail({ id: "c2", ...played }),
  });
  renderInShell(<CallScreens />, { session: everything, at: "/calls" });
  const grid = await screen.findByRole("grid", { name: "calls" });
  await within(grid).findByText("Simulator");
  expect(within(grid).getAllByText("Simulator")).toHaveLength(1);
  expect(within(grid).getByText("Test")).toBeTruthy();
  await user.click(screen.getByRole("combobox", { name: "Mode" }));
  await user.click(await screen.findByRole("option", { name: "Simulator" }));
  await waitFor(() => expect(go.inputs("Call.List").at(-1)).toMatchObject({ mode: "", target: "simulator" }));
  await user.click(screen.getByRole("combobox", { name: "Mode" }));
  await user.click(await screen.findByRole("option", { name: "Test" }));
  await waitFor(() => expect(go.inputs("Call.List").at(-1)).toMatchObject({ mode: "test", target: "address" }));
});

test("a simulated call says what was played, is fired again without a question, and is marked in Compare", async () => {
  const played = { simulated: "bad_number", verdict: "refused", service: "Twilio" };
  const go = fakeGo({
    "Call.List": () => aPage([aCall({ id: "c1", ...played }), aCall({ id: "c0" })]),
    "Call.Get": ({ id }: { id: string }) => aDetail(id === "c0" ? { id } : { id, ...played }),
    "Call.Again": () => aDetail({ id: "c2", ...played }),
  });
  renderInShell(<CallScreens />, { session: everything, at: "/calls/c1" });
  const drawer = await screen.findByRole("dialog");
  await waitFor(() => expect(drawer.textContent).toContain("Simulator, by Asha Rao"));
  expect(within(drawer).getByRole("region", { name: "Simulator" }).textContent).toContain(
    "Answer to play: Bad number. Nothing was sent to Twilio.",
  );
  fireEvent.click(within(drawer).getByRole("button", { name: "Compare" }));
  const result = await screen.findByRole("region", { name: "Result" });
  expect(within(result).getAllByText(/\(simulator\)/)).toHaveLength(1);
  expect(screen.getByText(/Refused, Simulator, \+9198/)).toBeTruthy();
  // Escape closes Compare and leaves the drawer below it.
  fireEvent.keyDown(result, { key: "Escape" });
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Compare two calls" })).toBeNull());
  expect(window.location.hash).toBe("#/calls/c1");
  fireEvent.click(within(drawer).getByRole("button", { name: "Fire again" }));
  await waitFor(() => expect(window.location.hash).toBe("#/calls/c2"));
  expect(go.inputs("Call.Again")).toMatchObject([{ call_id: "c1", confirmed: false }]);
});

test("an empty history says what to do; a failure can be tried again", async () => {
  const go = fakeGo({
    "Call.List": () => {
      throw faultLine("internal", "keydesk.internal", "The disk is full.");
    },
  });
  renderInShell(<CallScreens />, { session: signedIn(["call.view"]), at: "/calls" });
  await screen.findByText("The disk is full.");
  go.answer("Call.List", () => aPage([]));
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  await screen.findByText("No calls yet.");
  expect(screen.queryByRole("button", { name: "Send once" })).toBeNull();
});

test("a call opened by its address is fired again, and says that the setup has changed since", async () => {
  const go = fakeGo({
    "Call.List": () => page,
    "Call.Get": ({ id }: { id: string }) => ({ ...aDetail({ id }), setup_changed: id === "c1" }),
    "Call.Again": () => aDetail({ id: "c2", reason: "Accepted by 127.0.0.1 again." }),
  });
  renderInShell(<CallScreens />, { session: everything, at: "/calls/c1?mode=test" });
  const drawer = await screen.findByRole("dialog");
  await within(drawer).findByText("The setup was changed since this call. Fire again uses the setup as it is now.");
  fireEvent.click(within(drawer).getByRole("button", { name: "Fire again" }));
  await waitFor(() => expect(window.location.hash).toBe("#/calls/c2?mode=test"));
  expect(go.inputs("Call.Again")).toEqual([
    { call_id: "c1", confirmed: false, operation_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  ]);
});

// A46
test("firing again says which kept values do not fit their fields any more", async () => {
  fakeGo({
    "Call.List": () => page,
    "Call.Get": ({ id }: { id: string }) => aDetail({ id }),
    "Call.Again": () => {
      throw faultLine("invalid", "call.fields", "These values do not fit their stage fields: Mobile, Due.", {
        fields: [
          { name: "record.Mobile", message: "Digits were lost." },
          { name: "record.Due", message: "Write a date as YYYY-MM-DD." },
        ],
      });
    },
  });
  renderInShell(<CallScreens />, { session: everything, at: "/calls/c1" });
  const drawer = await screen.findByRole("dialog");
  fireEvent.click(await within(drawer).findByRole("button", { name: "Fire again" }));
  await within(drawer).findByText("Mobile: Digits were lost.");
  expect(within(drawer).getByText("Due: Write a date as YYYY-MM-DD.")).toBeTruthy();
});

test("what was deleted since, or may not be tested, cannot be fired again", async () => {
  fakeGo({ "Call.List": () => page, "Call.Get": () => ({ ...aDetail(), setup_gone: true }) });
  renderInShell(<CallScreens />, { session: everything, at: "/calls/c1" });
  await screen.findByText("The setup has been deleted since, so this cannot be fired again.");
  expect(screen.queryByRole("button", { name: "Fire again" })).toBeNull();
});

test("two calls are shown side by side, line by line", async () => {
  fakeGo({
    "Call.List": () => page,
    "Call.Get": ({ id }: { id: string }) =>
      aDetail({ id }, { text: id === "c1" ? '{"sid":"SM9f"}' : '{"sid":"SM0a"}' }),
  });
  renderInShell(<CallScreens />, { session: everything, at: "/calls/c1" });
  fireEvent.click(await screen.findByRole("button", { name: "Compare" }));
  const body = await screen.findByRole("region", { name: "Body" });
  expect(within(body).getByText("1 line differs")).toBeTruthy();
  const [left, right] = within(body).getByText(/SM0a/).closest("tr")?.querySelectorAll("td") ?? [];
  expect(left?.textContent).toContain("SM0a");
  expect(right?.textContent).toContain("SM9f");
  expect(within(screen.getByRole("region", { name: "Request as sent" })).getByText("the same")).toBeTruthy();
});

// R10
test("Send once names the setup and why, asks for required fields, confirms, and shows the result", async () => {
  const go = fakeGo({
    "Call.List": () => page,
    "Process.Tree": () => ({
      places: [{ id: "p1", parent_id: "", level: 1, name: "Orders", code: "orders", version: 1, setups: 1 }],
      stages: [{ id: "st1", place_id: "p1", name: "Shipped", code: "shipped", position: 1, version: 1, fields: [] }],
    }),
    "Process.FieldsAt": () => [aField("Mobile", { type: "phone", required: true })],
    "Setup.Resolve": ({ stage_id }: { stage_id: string }) => ({
      setup_id: "s1",
      steps: [
        ...(stage_id ? [{ place: "Orders", stage: "Shipped", setup_id: "", found: "none" }] : []),
        { place: "Orders", stage: "", setup_id: "s1", found: "won" },
      ],
    }),
    "Setup.Get": () => ({ title: "Order shipped, SMS", draft: { request: { url: "https://api.twilio.com/x" } } }),
    "Call.Send": (input: { record: Record<string, string>; confirmed: boolean }) => {
      if (!input.record.Mobile) {
        throw faultLine("invalid", "call.fields", "1 thing needs a change.", {
          fields: [{ name: "record.Mobile", message: "Fill in Mobile." }],
        });
      }
      if (!input.confirmed) {
        throw faultLine("conflict", "call.confirm", "This sends one real SMS to +91 and may cost money.");
      }
      return { ...aDetail({ mode: "live" }), note: "This setup has sent 800 of the 1000 messages it may send today." };
    },
  });
  renderInShell(<CallScreens />, { session: everything, at: "/calls" });
  fireEvent.click(await screen.findByRole("button", { name: "Send once" }));
  const dialog = await screen.findByRole("dialog", { name: "Send once" });
  const pick = async (label: string, option: string) => {
    await user.click(await within(dialog).findByRole("combobox", { name: label }));
    await user.click(await screen.findByRole("option", { name: option }));
  };
  await pick("Process", "Orders");
  await pick("Stages", "Shipped");
  await within(dialog).findByText("api.twilio.com");
  const steps = [...dialog.querySelectorAll("details li")].map((step) => step.textContent);
  expect(steps).toEqual(["Orders, stage Shipped: none", "Orders, every stage: this one applies"]);

  const send = () => fireEvent.click(within(dialog).getByRole("button", { name: "Send" }));
  send();
  await within(dialog).findByText("Fill in Mobile.");
  await user.type(within(dialog).getByRole("textbox", { name: "Mobile" }), "+91");
  send();
  await screen.findByText("This sends one real SMS to +91 and may cost money.");
  const question = screen.getByRole("dialog", { name: "Send it?" });
  fireEvent.click(within(question).getByRole("button", { name: "Send" }));
  await screen.findByText("This setup has sent 800 of the 1000 messages it may send today.");
  expect(go.inputs("Call.Send").at(-1)).toMatchObject({
    place_id: "p1",
    stage_id: "st1",
    channel: "sms",
    record: { Mobile: "+91" },
    confirmed: true,
  });
}, 30_000);
