import { expect, test } from "vitest";
import {
  authOfType,
  emptyAuth,
  emptyDraft,
  errorsStillTrue,
  newHeader,
  sectionOf,
  toggleSecret,
  variableName,
  withEntered,
  withoutEmptyRows,
  withTable,
} from "./draft";
import { bodyLines } from "./LivePane";
import { openTemplate } from "./Templates";
import { agoText } from "./words";

test("A34: a type's fields start empty; the saved type returns as it was saved", () => {
  const saved = { ...emptyAuth("basic"), username: "asha" };
  expect(authOfType("bearer", saved)).toEqual(emptyAuth("bearer"));
  expect(authOfType("basic", saved)).toBe(saved);
  expect(emptyAuth("oauth2").header_prefix).toBe("Bearer");
});

test("A56: the secret mark keeps what was typed here and never reveals what is stored", () => {
  const stored = { plain: "", secret: true, stored: true, typed: "" };
  expect(toggleSecret(stored)).toEqual({ plain: "", secret: false, stored: true, typed: "" });
  expect(toggleSecret(toggleSecret(stored))).toEqual(stored);
  expect(toggleSecret({ plain: "abc", secret: false, stored: false, typed: "" })).toEqual({
    plain: "",
    secret: true,
    stored: false,
    typed: "abc",
  });
});

test.each([
  ["Customer name", [], "Customer_name"],
  ["Kundenname (groß)", [], "Kundenname_groß"],
  ["ग्राहक का नाम", [], "ग्राहक_का_नाम"],
  ["رقم الهاتف", [], "رقم_الهاتف"],
  ["Mobile", ["Mobile"], "Mobile_2"],
  ["???", [], "value"],
])("R1: a variable after the field %s", (field, taken, name) => {
  expect(variableName(field, taken)).toBe(name);
});

test.each([
  ["Hi {{", { start: 5, typed: "", format: false }],
  ["{{mob", { start: 2, typed: "mob", format: false }],
  ["{{Mobile|e1", { start: 9, typed: "e1", format: true }],
  ["{{done}} more", null],
  ["\\{{literal", null],
  ["plain", null],
])("an open template in %s", (text, found) => {
  expect(openTemplate(text)).toEqual(found);
});

test.each([
  ["draft.place_id", "place"],
  ["draft.request.headers.2.name", "headers"],
  ["draft.request.stage_params.0.field", "stageParams"],
  ["draft.request.url", "api"],
  ["draft.request.raw_body", "api"],
  ["draft.request.auth.token", "auth"],
  ["draft.rule.conditions.1.path", "rule"],
  ["draft.options.redirects", "options"],
  ["draft.name", "options"],
])("the section of %s", (path, section) => {
  expect(sectionOf(path)).toBe(section);
});

test("rows without any entry are left out; a stored secret counts as an entry", () => {
  const draft = emptyDraft();
  const secret = { ...newHeader(), value: { plain: "", secret: true, stored: true, typed: "" } };
  const { headers } = withoutEmptyRows({
    ...draft,
    request: { ...draft.request, headers: [newHeader(), secret, newHeader("A")] },
  }).request;
  expect(headers.map((row) => row.name)).toEqual(["", "A"]);
});

test("a message goes away once its input has changed, or its row is deleted", () => {
  const before = emptyDraft();
  before.request.headers = [newHeader("a"), newHeader("b")];
  const errors = { "draft.request.headers.1.name": "x", "draft.request.url": "y" };
  const other = { ...before, request: { ...before.request, method: "GET" } };
  expect(errorsStillTrue(errors, before, other)).toBe(errors);
  const fewer = { ...before, request: { ...before.request, headers: before.request.headers.slice(0, 1) } };
  expect(errorsStillTrue(errors, before, fewer)).toEqual({ "draft.request.url": "y" });
});

test("a message at a provider's field goes away once its value has changed", () => {
  const value = (plain: string) => ({ plain, secret: false, stored: false, typed: "" });
  const before = withEntered(emptyDraft(), "text", value("a"));
  before.request.fixed = [{ id: "text", name: "text", value: value("a"), template: true }];
  const errors = { "draft.request.fixed.0.value": "x" };
  expect(errorsStillTrue(errors, before, withEntered(before, "to", value("b")))).toBe(errors);
  expect(errorsStillTrue(errors, before, withEntered(before, "text", value("b")))).toEqual({});
});

test("what is entered takes its place among the others", () => {
  const value = (plain: string) => ({ plain, secret: false, stored: false, typed: "" });
  const one = withEntered(withEntered(emptyDraft(), "a", value("1")), "b", value("2"));
  expect(withEntered(one, "a", value("3")).entered?.values.map((each) => each.id + each.value.plain)).toEqual([
    "a3",
    "b2",
  ]);
  const rows = [{ name: "x", value: "1" }];
  expect(withTable(withTable(one, "t", []), "t", rows).entered?.tables).toEqual([{ id: "t", rows }]);
});

test("each parameter of a form body is shown on a line; the bytes do not change", () => {
  const piece = (text: string, origin: string) => ({ text, origin, secret: false, missing: false });
  const body = [piece("a=", "Custom parameter a"), piece("1", "Mobile"), piece("&", ""), piece("b=2", "typed")];
  const lines = bodyLines(body);
  expect(lines.map((line) => line.segments.map((each) => each.text).join(""))).toEqual(["a=1&", "b=2"]);
  expect(lines.flatMap((line) => line.segments)).toEqual(body);
});

test.each([
  [30_000, "just now"],
  [5 * 60_000, "5 min"],
  [2 * 3_600_000, "2 h"],
  [26 * 3_600_000, "1 d"],
])("%i ms ago is %s", (ms, words) => {
  expect(agoText(0, ms)).toBe(words);
});
