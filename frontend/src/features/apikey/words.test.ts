import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeTexts } from "./words";

const source = (path: string) => readFileSync(`../backend/${path}`, "utf8");

test("C30: every refusal of the local API is told in words in the access log, not as a number alone", () => {
  const door = [...source("localapi/openapi.yaml").matchAll(/code: (localapi\.\w+)/g)].map((each) => each[1] ?? "");
  expect(door.length).toBeGreaterThan(20);
  const places = [...source("process/locate.go").matchAll(/"(process\.unknown_\w+)"/g)].map((each) => each[1] ?? "");
  expect(places.length).toBe(2);
  const others = ["call.fields", "call.not_found", "call.no_setup", "setup.not_found", "access.scope"];
  expect([...door, ...places, ...others].filter((code) => !codeTexts[code])).toEqual([]);
});
