import { EditorView } from "@codemirror/view";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { fakeGo } from "../testing/bridge";
import { axeFindings, renderInShell } from "../testing/render";
import { user } from "../testing/user";
import {
  BidiSafe,
  CodeView,
  CopyButton,
  ErrorState,
  FormSection,
  Mark,
  Modal,
  PasswordStrength,
  RelativeDate,
  ScreenHeader,
  SearchBar,
  SectionNav,
  SegmentsView,
  TimingBar,
  useConfirm,
  useHotkey,
  VerdictBadge,
  Waiting,
} from ".";

test("a header, marks, badges, dates and timings are accessible and readable", async () => {
  renderInShell(
    <main>
      <ScreenHeader title="API Key Setup" subtitle="Which API is called at which stage">
        <button type="button">Create</button>
      </ScreenHeader>
      <p>
        <Mark text="Order shipped" term="ship" />
      </p>
      {["accepted", "refused", "failed", "throttled", "unclear", "", "odd"].map((verdict) => (
        <VerdictBadge key={verdict} verdict={verdict} suffix={verdict && "2 h"} />
      ))}
      <RelativeDate at="2024-01-02T03:04:05Z" />
      <RelativeDate at="0001-01-01T00:00:00Z" />
      <TimingBar timings={{ dns: 12, connect: 31, tls: null, firstByte: 296, download: 0.4 }} />
      <BidiSafe text={"a\u202Eb"} />
    </main>,
  );
  expect(document.querySelector("mark")?.textContent).toBe("ship");
  for (const word of ["Accepted", "Refused", "Failed", "Throttled", "Unclear"])
    expect(screen.getByText(word)).toBeTruthy();
  expect(screen.getAllByText("Never")).toHaveLength(2);
  expect(document.querySelectorAll("time")).toHaveLength(1);
  expect(screen.getByText("296 ms")).toBeTruthy();
  expect(screen.queryByText("TLS")).toBeNull();
  expect(screen.getByText("\\u202E")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);
});

test("an error shows its message, hint and, on demand, details that the window copies", async () => {
  const go = fakeGo({ "Window.Copy": () => undefined });
  renderInShell(
    <ErrorState trouble={{ message: "Nothing answered.", hint: "Is it running?", details: "ECONNREFUSED" }} />,
  );
  expect(screen.getByRole("alert").textContent).toContain("Is it running?");
  fireEvent.click(screen.getByText("Details"));
  await user.click(await screen.findByRole("button", { name: "Copy details" }));
  expect(go.inputs("Window.Copy")).toEqual([{ text: "ECONNREFUSED", clear_after_ms: 0 }]);
  await screen.findByText("Copied");
});

test("a copy that did not work says so", async () => {
  renderInShell(<CopyButton text="x" label="Copy key" copy={async () => false} />);
  await user.click(screen.getByRole("button", { name: "Copy key" }));
  await screen.findByText("Could not copy");
});

test("a search is reported after a pause, at once on Enter, and cleared with Escape", async () => {
  const seen: string[] = [];
  function Bar() {
    const [value, setValue] = useState("");
    return (
      <SearchBar
        value={value}
        placeholder="Search process, stage, URL"
        count="1,204 setups"
        onChange={(next) => {
          seen.push(next);
          setValue(next);
        }}
      />
    );
  }
  renderInShell(<Bar />);
  const field = screen.getByRole("textbox", { name: "Search process, stage, URL" });
  await user.type(field, "sms");
  expect(seen).toEqual([]);
  await waitFor(() => expect(seen).toEqual(["sms"]));
  await user.type(field, "x{Enter}");
  expect(seen.at(-1)).toBe("smsx");
  await user.type(field, "{Escape}");
  expect(seen.at(-1)).toBe("");
  await new Promise((done) => setTimeout(done, 200));
  expect(seen.at(-1)).toBe("");
});

test("a request's pieces show origins, bullets for secrets, and name what is missing", async () => {
  renderInShell(
    <SegmentsView
      label="Request"
      lines={[
        {
          id: "auth",
          segments: [
            { text: "Authorization: ", origin: "" },
            { text: "", origin: "Authentication", secret: true },
          ],
        },
        { id: "to", segments: [{ text: "{{Mobile}}", origin: "custom parameter", missing: true }] },
      ]}
    />,
  );
  expect(screen.getByText("••••••••")).toBeTruthy();
  expect(screen.getByText("missing")).toBeTruthy();
  expect(screen.getByText("custom parameter")).toBeTruthy();
  expect(await axeFindings()).toEqual([]);
});

test("a question has two verbs, and Escape means no", async () => {
  const answers: boolean[] = [];
  function Asking() {
    const ask = useConfirm();
    const run = async () => {
      answers.push(
        await ask({ question: 'Delete "Order shipped"?', consequence: "214 calls stay.", yes: "Delete", no: "Keep" }),
      );
    };
    return (
      <button type="button" onClick={() => void run()}>
        go
      </button>
    );
  }
  renderInShell(<Asking />);
  await user.click(screen.getByText("go"));
  await screen.findByRole("dialog", { name: 'Delete "Order shipped"?' });
  expect(await axeFindings()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Delete" }));
  await user.click(screen.getByText("go"));
  await screen.findByRole("dialog");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(answers).toEqual([true, false]));
});

test("the first question, and a dialog that is rendered only while it is open, return the focus", async () => {
  function Screenful() {
    const ask = useConfirm();
    const [open, setOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => void ask({ question: "Leave?", yes: "Leave", no: "Stay" })}>
          ask
        </button>
        <button type="button" onClick={() => setOpen(true)}>
          open
        </button>
        {open && (
          <Modal opened onClose={() => setOpen(false)} title="Import">
            <input aria-label="Text" data-autofocus />
          </Modal>
        )}
      </>
    );
  }
  renderInShell(<Screenful />);
  await user.click(screen.getByText("ask"));
  await user.click(await screen.findByRole("button", { name: "Stay" }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("ask")));
  await user.click(screen.getByText("open"));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Text")));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("open")));
});

test("a closed section opens when a message appears in it; the list marks it and leads there", async () => {
  function Form({ bad }: { bad: boolean }) {
    return (
      <>
        <SectionNav sections={[{ id: "opts", title: "Options", hasError: bad }]} />
        <FormSection id="opts" title="Options" closedAtFirst summary="30 s, no redirects" hasError={bad}>
          <input aria-label="Name" />
          <input aria-label="Time limit" aria-invalid={bad} />
        </FormSection>
      </>
    );
  }
  const { rerender } = renderInShell(<Form bad={false} />);
  expect(screen.getByText("30 s, no redirects")).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Name" })).toBeNull();
  rerender(<Form bad />);
  expect(screen.getByRole("textbox", { name: "Name" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: /Options.*needs a change/ }));
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Time limit" }));
  expect(await axeFindings()).toEqual([]);
});

test("cancel is offered after 10 s", async () => {
  vi.useFakeTimers();
  try {
    const onCancel = vi.fn();
    renderInShell(<Waiting what="Firing 200 setups" onCancel={onCancel} />);
    await act(() => vi.advanceTimersByTimeAsync(9_900));
    expect(screen.queryByRole("button")).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(200));
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(onCancel).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});

test("a password's strength is shown in words", async () => {
  const { rerender } = renderInShell(<PasswordStrength password="password1" />);
  await screen.findByText(/^Very weak/, undefined, { timeout: 8000 });
  rerender(<PasswordStrength password="otter lantern quilt brisk 94 mango" />);
  await screen.findByText(/^Strong/);
}, 15_000);

test("the screen's keys work inside fields, but not behind a dialog", async () => {
  const save = vi.fn();
  const close = vi.fn();
  const test = vi.fn();
  function Keys({ dialog }: { dialog: boolean }) {
    useHotkey({ save, test, close });
    return (
      <>
        <input aria-label="Name" />
        {dialog && <div role="dialog" aria-modal="true" aria-label="x" />}
      </>
    );
  }
  const { rerender } = renderInShell(<Keys dialog={false} />);
  await user.click(screen.getByLabelText("Name"));
  await user.keyboard("{Control>}s{/Control}{Control>}{Enter}{/Control}{Escape}");
  expect([save, test, close].map((each) => each.mock.calls.length)).toEqual([1, 1, 1]);
  rerender(<Keys dialog />);
  await user.keyboard("{Control>}s{/Control}{Escape}");
  expect([save, close].map((each) => each.mock.calls.length)).toEqual([1, 1]);
});

test("code is shown as text, follows its value, and says what it is", async () => {
  const { rerender } = renderInShell(<CodeView value={'{"a": 1}'} language="json" label="Answer body" />);
  const box = await screen.findByRole("textbox", { name: "Answer body" }, { timeout: 8000 });
  expect(box.textContent).toContain('"a"');
  rerender(<CodeView value="<script>alert(1)</script>" language="xml" label="Answer body" />);
  await waitFor(() => expect(box.textContent).toContain("<script>"));
  expect(box.querySelector("script")).toBeNull();
}, 15_000);

test("S2: a late value never takes back what was typed into code", async () => {
  let take: (value: string) => void = () => {};
  function Editor() {
    const [value, setValue] = useState("");
    take = setValue;
    return <CodeView value={value} language="text" label="Body" onChange={(next) => later.push(next)} />;
  }
  const later: string[] = [];
  renderInShell(<Editor />);
  const box = await screen.findByRole("textbox", { name: "Body" }, { timeout: 8000 });
  const view = EditorView.findFromDOM(box);
  const type = (text: string) => act(() => view?.dispatch({ changes: { from: view.state.doc.length, insert: text } }));
  type("a");
  type("b");
  // The page renders the first key after the second was typed.
  act(() => take(later[0] ?? ""));
  expect(box.textContent).toBe("ab");
  type("c");
  act(() => take(later[1] ?? ""));
  act(() => take(later[2] ?? ""));
  expect(box.textContent).toBe("abc");
  // What comes from elsewhere is still shown.
  act(() => take("other"));
  expect(box.textContent).toBe("other");
}, 15_000);

test("F3: a very long text from outside is cut, and says how much follows", () => {
  const { container } = renderInShell(<BidiSafe text={`${"x".repeat(2000)}${"y".repeat(1 << 20)}`} />);
  const shown = container.querySelector("bdi");
  expect(shown?.textContent).toBe(`${"x".repeat(2000)} … 1,048,576 more characters`);
});
