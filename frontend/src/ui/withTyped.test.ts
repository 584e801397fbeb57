import { expect, test } from "vitest";
import { withTyped } from "./withTyped";

test("S2: an answer takes the place of what was sent, but not of what was typed since", () => {
  const sent = { name: " Asha ", zone: "Asia/Kolkata", version: 1 };
  const answer = { name: "Asha", zone: "Asia/Kolkata", version: 2 };
  expect(withTyped(sent, sent, answer)).toEqual(answer);
  expect(withTyped(sent, { ...sent, zone: "UTC" }, answer)).toEqual({ name: "Asha", zone: "UTC", version: 2 });
  expect(withTyped(sent, { ...sent, name: " Asha R" }, answer)).toEqual({ ...answer, name: " Asha R" });
});

test("S2: rows are the same by their id, wherever they are", () => {
  const row = (id: string, value: string) => ({ id, value });
  const sent = [row("a", "1"), row("b", "2"), row("c", "3")];
  const answer = [row("new", "9"), row("a", "1!"), row("b", "2!"), row("c", "3!")];
  // "a" is typed in, "b" was deleted, "d" was added.
  const now = [row("a", "1x"), row("c", "3"), row("d", "")];
  expect(withTyped(sent, now, answer)).toEqual([row("new", "9"), row("a", "1x"), row("c", "3!"), row("d", "")]);
  // What the answer took away stays away, unless it was typed in.
  expect(withTyped(sent, sent, [row("a", "1")])).toEqual([row("a", "1")]);
  expect(withTyped(sent, [row("a", "1"), row("b", "2x")], [row("a", "1")])).toEqual([row("a", "1"), row("b", "2x")]);
});

test("S2: members that appear or disappear meanwhile", () => {
  interface Draft {
    rule?: { status: string };
    rows: { name: string }[];
  }
  const sent: Draft = { rows: [{ name: "a" }] };
  expect(withTyped<Draft>(sent, { ...sent, rule: { status: "2" } }, { rows: [] })).toEqual({
    rule: { status: "2" },
    rows: [],
  });
  // Rows without an id are kept as a whole.
  expect(withTyped<Draft>(sent, { rows: [{ name: "ab" }] }, { rows: [{ name: "A" }] })).toEqual({
    rows: [{ name: "ab" }],
  });
});
