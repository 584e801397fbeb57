import { expect, test } from "vitest";
import { readState, writeState } from "./addressState";

const none = { search: "", sort: "", descending: false };

test("a list's state goes into the address and comes back, whatever was typed", () => {
  for (const search of ["", "a=b&sort=x", "100 % ü / #?", "+91 98", "हिन्दी", "\u202Eabc"]) {
    for (const descending of [true, false]) {
      const state = { search, sort: "stage", descending };
      expect(readState(writeState(state, none), none)).toEqual(state);
    }
  }
});

test("an empty state leaves the address bare, and an unknown name is ignored", () => {
  expect(writeState(none, none)).toBe("");
  expect(writeState({ ...none, more: "x" } as typeof none, none)).toBe("");
  expect(readState("do=import&search=sms", none)).toEqual({ ...none, search: "sms" });
});
