import { expect, test } from "vitest";
import { faultLine } from "../testing/bridge";
import { Fault, faultOf, fieldErrors } from "./fault";

test("the door's line of JSON becomes a fault with every part", () => {
  const fault = faultOf(
    faultLine("conflict", "setup.stale", "Somebody saved it meanwhile.", {
      hint: "Open it again.",
      fields: [{ name: "headers[2].name", message: "This name is set by Auth Type." }],
      links: [{ kind: "setup", id: "s1", name: "Order shipped" }],
    }),
  );
  expect(fault).toBeInstanceOf(Fault);
  expect(fault).toMatchObject({ kind: "conflict", code: "setup.stale", hint: "Open it again." });
  expect(fault.links).toEqual([{ kind: "setup", id: "s1", name: "Order shipped" }]);
  expect(fieldErrors(fault)).toEqual({ "headers.2.name": "This name is set by Auth Type." });
});

test.each([
  ["a plain string", "open /x: no such file", "open /x: no such file"],
  ["an Error", new Error("boom"), "boom"],
  ["an empty string", "", "Something went wrong inside Keydesk."],
  ["undefined", undefined, "Something went wrong inside Keydesk."],
  ["a number", 7, "Something went wrong inside Keydesk."],
  ["JSON that is not a fault", '{"a":1}', "Something went wrong inside Keydesk."],
  ["a kind that does not exist", '{"kind":"odd","code":"a.b","message":"x"}', "Something went wrong inside Keydesk."],
])("%s becomes an internal fault with a sentence", (_, cause, message) => {
  const fault = faultOf(cause);
  expect(fault.kind).toBe("internal");
  expect(fault.message).toBe(message);
});

test("null lists, as Go writes empty ones, are empty", () => {
  const fault = faultOf('{"kind":"invalid","code":"a.b","message":"x","hint":"","fields":null,"links":null}');
  expect(fault.fields).toEqual([]);
  expect(fieldErrors(fault)).toEqual({});
});

test("two messages about one field are both kept", () => {
  const fields = [
    { name: "url", message: "No host." },
    { name: "url", message: "Only https." },
  ];
  expect(fieldErrors(new Fault({ kind: "invalid", code: "a.b", message: "x", fields }))).toEqual({
    url: "No host. Only https.",
  });
});
