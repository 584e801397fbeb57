import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { fakeGo, faultLine, signedIn } from "../testing/bridge";
import { renderInShell } from "../testing/render";
import { setup, transfer, user } from "./api";
import { Can } from "./can";
import { useChangeHints } from "./event";
import { faultOf } from "./fault";
import { ask, callLimitMs, pages, read, rowsOf, write } from "./query";

afterEach(() => void vi.useRealTimers());

test("a call ends with a fault after 30 s, a long one does not", async () => {
  vi.useFakeTimers();
  const call = () => new Promise<string>(() => {});
  const short = ask({ name: "thing.get", mode: "read", call }, undefined).catch(faultOf);
  let longEnded = false;
  void ask({ name: "thing.run", mode: "long", call }, undefined).finally(() => {
    longEnded = true;
  });
  await vi.advanceTimersByTimeAsync(callLimitMs + 1);
  expect(await short).toMatchObject({ kind: "unavailable", code: "page.time_out" });
  expect(longEnded).toBe(false);
});

test("a method that throws instead of rejecting becomes a fault", async () => {
  const call = (): Promise<string> => {
    throw new TypeError("window.go is undefined");
  };
  await expect(ask({ name: "thing.get", mode: "read", call }, undefined)).rejects.toMatchObject({ kind: "internal" });
});

interface Row {
  id: string;
}

function List({ fn }: { fn: (input: { after: string }) => Promise<{ rows: Row[]; next: string }> }) {
  useChangeHints();
  const list = useInfiniteQuery(
    pages({ name: "setup.list", mode: "read", call: fn }, { after: "" }, { watches: ["process"] }),
  );
  const echo = async (name: string) => name;
  const save = useMutation(write({ name: "setup.create", mode: "write", call: echo }));
  const look = useMutation(write({ name: "setup.paste", mode: "read", call: echo }));
  const other = useMutation(write({ name: "transfer.import", mode: "write", call: echo }, { refreshes: ["setup"] }));
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
      <button type="button" onClick={() => look.mutate("x")}>
        Look
      </button>
      <button type="button" onClick={() => other.mutate("x")}>
        Import
      </button>
    </>
  );
}

test("pages are asked for with the cursor of the page before; writes and hints of watched kinds fetch again", async () => {
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
  // What only reads changes nothing.
  act(() => screen.getByText("Look").click());
  await new Promise((done) => setTimeout(done, 30));
  expect(asked.length).toBe(6);
  act(() => screen.getByText("Import").click());
  await waitFor(() => expect(asked.length).toBe(8));
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

test("a refusal because there is no session makes the session be read again", async () => {
  let reads = 0;
  const session = async () => ++reads;
  const refused = (): Promise<string> => Promise.reject(faultLine("unauthenticated", "gate.locked", "Locked."));
  function Both() {
    const one = useQuery(read({ name: "session.state", mode: "read", call: session }, undefined));
    const two = useQuery(read({ name: "setup.get", mode: "read", call: refused }, undefined));
    return <p>{`${one.data} ${two.error?.message}`}</p>;
  }
  renderInShell(<Both />);
  await screen.findByText("2 Locked.");
});

test("actions that a person may not do are not shown", () => {
  renderInShell(
    <>
      <Can do="setup.create">
        <p>create</p>
      </Can>
      <Can do={setup.Create}>
        <p>Create</p>
      </Can>
      <Can do={setup.Delete}>
        <p>Delete</p>
      </Can>
      <Can do={setup.Get}>
        <p>one of two is enough</p>
      </Can>
      <Can do={transfer.Import}>
        <p>both are needed</p>
      </Can>
      <Can do={user.Permissions}>
        <p>anybody signed in</p>
      </Can>
    </>,
    { session: signedIn(["setup.create", "setup.edit"]) },
  );
  for (const shown of ["create", "Create", "one of two is enough", "anybody signed in"]) screen.getByText(shown);
  for (const hidden of ["Delete", "both are needed"]) expect(screen.queryByText(hidden)).toBeNull();
});
