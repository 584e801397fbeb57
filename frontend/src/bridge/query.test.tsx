import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { fakeGo, faultLine, signedIn } from "../testing/bridge";
import { renderInShell } from "../testing/render";
import { Can } from "./can";
import { useChangeHints } from "./event";
import { faultOf } from "./fault";
import { ask, callLimitMs, pages, read, rowsOf, write } from "./query";

afterEach(() => void vi.useRealTimers());

test("a call ends with a fault after 30 s, a long one does not", async () => {
  vi.useFakeTimers();
  const never = () => new Promise<string>(() => {});
  const short = ask(never, undefined).catch(faultOf);
  let longEnded = false;
  void ask(never, undefined, { long: true }).finally(() => {
    longEnded = true;
  });
  await vi.advanceTimersByTimeAsync(callLimitMs + 1);
  expect(await short).toMatchObject({ kind: "unavailable", code: "page.time_out" });
  expect(longEnded).toBe(false);
});

test("a method that throws instead of rejecting becomes a fault", async () => {
  const broken = () => {
    throw new TypeError("window.go is undefined");
  };
  await expect(ask(broken as () => Promise<string>, undefined)).rejects.toMatchObject({ kind: "internal" });
});

interface Row {
  id: string;
}

function List({ fn }: { fn: (input: { after: string }) => Promise<{ rows: Row[]; next: string }> }) {
  useChangeHints();
  const list = useInfiniteQuery(pages("setup.list", fn, { after: "" }, { watches: ["process"] }));
  const save = useMutation(write("setup.create", async (name: string) => name));
  return (
    <>
      <p>
        {rowsOf(list.data)
          .map((row) => row.id)
          .join(" ")}
      </p>
      <p>{list.error?.message}</p>
      <button type="button" onClick={() => void list.fetchNextPage()}>
        More
      </button>
      <button type="button" onClick={() => save.mutate("x")}>
        Save
      </button>
    </>
  );
}

test("pages are asked for with the cursor of the page before; writes and hints of watched kinds look again", async () => {
  const go = fakeGo();
  const asked: string[] = [];
  const fn = async ({ after }: { after: string }) => {
    asked.push(after);
    return after === "" ? { rows: [{ id: "a" }], next: "c1" } : { rows: [{ id: "b" }], next: "" };
  };
  renderInShell(<List fn={fn} />);
  await screen.findByText("a");
  act(() => screen.getByText("More").click());
  await screen.findByText("a b");
  expect(asked).toEqual(["", "c1"]);

  act(() => screen.getByText("Save").click());
  await waitFor(() => expect(asked.length).toBe(4));
  act(() => go.emit("changed", "process"));
  await waitFor(() => expect(asked.length).toBe(6));
  act(() => go.emit("changed", "user"));
  await new Promise((done) => setTimeout(done, 30));
  expect(asked.length).toBe(6);
});

test("a refusal is not retried and arrives as a fault", async () => {
  let asked = 0;
  const fn = async () => {
    asked++;
    throw faultLine("forbidden", "gate.forbidden", "Can View API Key Setup is missing.");
  };
  renderInShell(<List fn={fn} />);
  await screen.findByText("Can View API Key Setup is missing.");
  await new Promise((done) => setTimeout(done, 30));
  expect(asked).toBe(1);
});

test("a refusal for want of a session makes the session be read again", async () => {
  let reads = 0;
  const session = async () => ++reads;
  function Both() {
    const one = useQuery(read("session.state", session, undefined));
    const two = useQuery(
      read("setup.get", () => Promise.reject(faultLine("unauthenticated", "gate.locked", "Locked.")), undefined),
    );
    return <p>{`${one.data} ${two.error?.message}`}</p>;
  }
  renderInShell(<Both />);
  await screen.findByText("2 Locked.");
});

test("what a person may not do is not shown", () => {
  renderInShell(
    <>
      <Can do="setup.create">create</Can>
      <Can do={["setup.create", "setup.delete"]}>both</Can>
    </>,
    { session: signedIn(["setup.create"]) },
  );
  expect(screen.getByText("create")).toBeTruthy();
  expect(screen.queryByText("both")).toBeNull();
});
