import { act, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Permission } from "../../bridge/operation";
import { faultLine, signedIn } from "../../testing/bridge";
import { hookInShell } from "../../testing/render";
import { emptyDraft, newHeader, noSource } from "./draft";
import { listPlace } from "./listState";
import { everyRight, fakeOffice, savedSetup } from "./testing/kit";
import { type SetupEditorInput, useSetupEditor } from "./useSetupEditor";

const ofS1 = { setup_id: "s1", paste_id: "" };

/** The editor's state, as of its last change. */
function edit(input: Partial<SetupEditorInput>, permissions: Permission[] = everyRight, at = "/setups/s1") {
  const start = input.start ?? { draft: savedSetup().draft, saved: savedSetup() };
  const { result } = hookInShell(() => useSetupEditor({ source: ofS1, ...input, start }), {
    session: signedIn(permissions),
    at,
  });
  return result;
}

test("A18: a person who may only look can neither save nor test", async () => {
  const go = fakeOffice();
  const editor = edit({}, ["setup.view"]);
  expect(editor.current).toMatchObject({ readOnly: true, title: "View API Key Setup", mayCheck: false });
  expect(editor.current.test).toBeUndefined();
  await act(() => editor.current.send(true));
  expect(go.inputs("Setup.Update")).toEqual([]);
});

test("a person who may test, but not change, tests what is stored; a deleted setup is not tested", () => {
  fakeOffice();
  const tester = edit({}, ["setup.view", "setup.test"]);
  expect(tester.current.test).toBeDefined();
  expect(tester.current.tested).toBeNull();
  act(() => tester.current.change({ name: "Changed" }));
  expect(tester.current.test).toBeUndefined();

  const deleted = edit({ start: { draft: savedSetup().draft, saved: savedSetup({}, { deleted_ms: 5 }) } });
  expect(deleted.current).toMatchObject({ readOnly: true, test: undefined });
});

test("A55: changes are found by comparing with what was saved last; a changed setup is tested as a draft", async () => {
  const go = fakeOffice();
  const editor = edit({});
  act(() => editor.current.change({ name: "Second name" }));
  expect(editor.current.tested?.name).toBe("Second name");
  await act(() => editor.current.send(true));
  await waitFor(() => expect(editor.current.saved?.version).toBe(4));
  expect(go.inputs("Setup.Update")).toMatchObject([{ id: "s1", version: 3, draft: { name: "Second name" } }]);
  expect(editor.current.tested).toBeNull();
  expect(window.location.hash).toBe("#/setups/s1");
});

test("A48 X2: a new one is created for every chosen stage, without empty rows, and leads back to the list", async () => {
  const go = fakeOffice();
  const draft = { ...emptyDraft(), place_id: "home" };
  const editor = edit({ source: noSource, start: { draft, saved: null } }, everyRight, "/setups/new");
  act(() => editor.current.onStageIds?.(["placed", "shipped"]));
  act(() => editor.current.changeRequest({ headers: [newHeader()] }));
  await act(() => editor.current.send(false));
  await waitFor(() => expect(window.location.hash).toMatch(/^#\/setups(\?|$)/));
  expect(go.inputs("Setup.Create")).toMatchObject([
    { stage_ids: ["placed", "shipped"], copy_of: noSource, draft: { request: { headers: [] } } },
  ]);
});

test("A49: a refusal at fields is counted and marked at its sections, and goes away once its input has changed", async () => {
  fakeOffice({
    "Setup.Update": () => {
      throw faultLine("invalid", "setup.fields", "2 fields need a change.", {
        fields: [
          { name: "draft.request.url", message: "Fill this in." },
          { name: "draft.name", message: "This is longer than 100 characters." },
        ],
      });
    },
  });
  const editor = edit({});
  await act(() => editor.current.send(false));
  await waitFor(() => expect(editor.current.atFields).toBe(2));
  expect([...editor.current.wrong].sort()).toEqual(["api", "options"]);
  expect(editor.current.nav.filter((each) => each.hasError).length).toBe(2);
  act(() => editor.current.changeRequest({ url: "https://other.example.test" }));
  expect(editor.current.errors).toEqual({ "draft.name": "This is longer than 100 characters." });
  act(() => editor.current.change({ name: "Short" }));
  expect(editor.current).toMatchObject({ errors: {}, fault: null, atFields: 0 });
});

test("a refusal that is not about fields stays above the form", async () => {
  fakeOffice({
    "Setup.Update": () => {
      throw faultLine("conflict", "setup.version", "Somebody else changed this setup.");
    },
  });
  const editor = edit({});
  await act(() => editor.current.send(false));
  await waitFor(() => expect(editor.current.fault?.code).toBe("setup.version"));
  expect(editor.current).toMatchObject({ atFields: 0, saving: false });
});

test("A35: what was tested as plain text and never saved is in the history too", async () => {
  fakeOffice();
  const draft = { ...emptyDraft(), place_id: "home" };
  const editor = edit({ source: noSource, start: { draft, saved: null } }, everyRight, "/setups/new");
  const row = newHeader("X-Key", "tested-key-1");
  act(() => editor.current.changeRequest({ headers: [row] }));
  expect(editor.current.wasPlain("tested-key-1")).toBe(false);
  act(() => editor.current.onFired());
  expect(editor.current.wasPlain("tested-key-1")).toBe(true);
  const secret = { plain: "", secret: true, stored: false, typed: "new-key-1" };
  act(() => editor.current.changeRequest({ headers: [{ ...row, value: secret }] }));
  await act(() => editor.current.send(false));
  await waitFor(() => expect(editor.current.oldValue?.texts).toEqual(["tested-key-1"]));
  expect(window.location.hash).toBe("#/setups/new");
  act(() => editor.current.oldValue?.onClose());
  expect(window.location.hash).toBe(`#${listPlace()}`);
  expect(editor.current.oldValue).toBeNull();
});
