import { act, render, screen, waitFor } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { makeClient } from "../bridge/query";
import { noSession, type Session, windowSession } from "../bridge/session";
import { fakeGo, faultLine } from "../testing/bridge";
import { Boot } from "./Boot";
import { Providers } from "./Providers";
import { preload } from "./preload";

const gates = { Unlock: () => <p>unlock</p>, SignIn: () => <p>sign in</p> };

/** Writes into the page what Go writes there. */
function written(content: string): void {
  document.head.querySelector('meta[name="session"]')?.remove();
  document.head.append(Object.assign(document.createElement("meta"), { name: "session", content }));
}
afterEach(() => document.head.querySelector('meta[name="session"]')?.remove());

const at = (state: Session["state"]): Session => ({ ...noSession, state });
const open = () =>
  render(
    <Providers client={makeClient()} env="test">
      <Boot door={windowSession} gates={gates} entries={[]} />
    </Providers>,
  );

test("speed: the gate that was written into the page is rendered first, before anything is asked", () => {
  const go = fakeGo({ "Session.State": () => at("unlock") });
  written(JSON.stringify(at("unlock")));
  open();
  expect(screen.getByText("unlock")).toBeTruthy();
  expect(go.calls).toEqual([]);
});

test("what changed since the page was written is found by asking once, after the first paint", async () => {
  const go = fakeGo({ "Session.State": () => at("signed_out") });
  written(JSON.stringify(at("unlock")));
  open();
  await screen.findByText("sign in");
  expect(go.inputs("Session.State")).toHaveLength(1);
});

test.each(["", "__SESSION__"])("a page written with %j asks at once, and once", async (content) => {
  const go = fakeGo({ "Session.State": () => at("signed_out") });
  written(content);
  open();
  await screen.findByText("sign in");
  await act(() => new Promise((resolve) => setTimeout(resolve, 100)));
  expect(go.inputs("Session.State")).toHaveLength(1);
});

test("while the office opens, the frame is asked how far it is, and a later answer is used", async () => {
  const opening = () => {
    throw faultLine("unavailable", "keydesk.opening", "Keydesk is still opening.");
  };
  const go = fakeGo({ "Session.State": opening, "Window.State": () => ({ phase: "opening" }) });
  open();
  await waitFor(() => expect(go.inputs("Window.State")).toHaveLength(1));
  expect(screen.queryByRole("alert")).toBeNull();
  go.answer("Session.State", () => at("unlock"));
  act(() => go.emit("window.phase"));
  await screen.findByText("unlock");
});

test("an office that opened between the two questions is asked again, and nobody sees an error", async () => {
  let asked = 0;
  fakeGo({
    "Session.State": () => {
      if (asked++ === 0) throw faultLine("unavailable", "keydesk.opening", "Keydesk is still opening.");
      return at("unlock");
    },
    "Window.State": () => ({ phase: "open" }),
  });
  open();
  await screen.findByText("unlock");
  expect(asked).toBe(2);
});

test("prefetched code is rendered at once; other code is waited for", async () => {
  const load = vi.fn(async () => ({ default: () => <p>here</p> }));
  const early = preload(load);
  await early.fetch();
  render(
    <Suspense fallback="waiting">
      <early.Shown />
    </Suspense>,
  );
  expect(screen.getByText("here")).toBeTruthy();
  const late = preload(async () => ({ default: () => <p>later</p> }));
  render(
    <Suspense fallback="waiting">
      <late.Shown />
    </Suspense>,
  );
  expect(screen.getByText("waiting")).toBeTruthy();
  await screen.findByText("later");
});

test("code that could not be prefetched is fetched again when it is needed", async () => {
  let tries = 0;
  const one = preload(async () => {
    if (tries++ === 0) throw new Error("not there");
    return { default: () => <p>here</p> };
  });
  await one.fetch();
  render(
    <Suspense fallback="waiting">
      <one.Shown />
    </Suspense>,
  );
  await screen.findByText("here");
  expect(tries).toBe(2);
});
