import { expect, test } from "vitest";
import { compareLines } from "./lines";
import { prettyJson, spotAt } from "./prettyJson";
import { prettyXml } from "./prettyXml";
import { ruleText, shortcomings, sizeText, targetText } from "./words";

test("JSON is laid out without losing a digit or a repeated name, and every value knows its path", () => {
  const source = '{"id":12345678901234567890,"a":[1.50,{"b-c":"x\\"y"}],"a":null,"e":[],"o":{}}';
  const pretty = prettyJson(source);
  expect(pretty?.text).toBe(
    [
      "{",
      '  "id": 12345678901234567890,',
      '  "a": [',
      "    1.50,",
      "    {",
      '      "b-c": "x\\"y"',
      "    }",
      "  ],",
      '  "a": null,',
      '  "e": [],',
      '  "o": {}',
      "}",
    ].join("\n"),
  );
  expect(pretty?.spots.map(({ path, value }) => [path, value])).toEqual([
    ["$.id", "12345678901234567890"],
    ["$.a[0]", "1.50"],
    ["$.a[1]['b-c']", 'x"y'],
    ["$.a", "null"],
  ]);
  for (const spot of pretty?.spots ?? []) {
    expect(spotAt(pretty?.spots ?? [], spot.from + 1)).toBe(spot);
  }
  expect(spotAt(pretty?.spots ?? [], 0)).toBeNull();
});

test.each([
  ["", "empty"],
  ['{"a":1', "cut"],
  ['{"a":1}}', "too much"],
  ['{"a":1,}', "a comma too many"],
  ["[1 2]", "no comma"],
  ['{"a" 1}', "no colon"],
  ["<html>", "a page"],
  [`${"[".repeat(100)}${"]".repeat(100)}`, "nested too deep to read"],
  ['{"a":]', "a bracket where a value belongs"],
])("%j is not laid out: %s", (source) => {
  expect(prettyJson(source)).toBeNull();
});

test("a megabyte of JSON or of nonsense is handled quickly", () => {
  const long = `{"a":"${"x".repeat(1 << 20)}"}`;
  const deep = "[".repeat(1 << 20);
  const began = performance.now();
  expect(prettyJson(long)?.spots.length).toBe(1);
  expect(prettyJson(deep)).toBeNull();
  expect(prettyXml("<".repeat(1 << 18))).toBeNull();
  expect(performance.now() - began).toBeLessThan(2000);
});

test("XML is laid out as text; what cannot be cut into tags is left alone", () => {
  expect(prettyXml('<?xml version="1.0"?><R a="1>2"><Sid>SM9</Sid><Empty/></R>')).toBe(
    ['<?xml version="1.0"?>', '<R a="1>2">', "  <Sid>SM9</Sid>", "  <Empty/>", "</R>"].join("\n"),
  );
  expect(prettyXml("<a></b")).toBeNull();
  expect(prettyXml("</a>")).toBeNull();
});

test("two texts are compared line by line, with equal lines in the same row", () => {
  expect(compareLines("a\nb\nc\nd", "a\nx\nc\ne\nd")).toEqual([
    { left: "a", right: "a", same: true },
    { left: "b", right: "x", same: false },
    { left: "c", right: "c", same: true },
    { left: null, right: "e", same: false },
    { left: "d", right: "d", same: true },
  ]);
  expect(compareLines("a\r\nb", "a\nb").map((pair) => pair.left)).toEqual(["a", "b"]);
  expect(compareLines("same", "same").every((pair) => pair.same)).toBe(true);
});

test("a long answer is compared too, and one that shares little is laid beside the other", () => {
  const all = (pairs: ReturnType<typeof compareLines>, side: "left" | "right") =>
    pairs.flatMap((pair) => pair[side] ?? []).join("\n");
  const long = Array.from({ length: 13_000 }, (_, index) => `  ${index % 10},`);
  const edited = long.flatMap((line, index) => (index % 1000 === 7 ? ["new", line] : index % 1000 === 8 ? [] : line));
  const close = compareLines(long.join("\n"), edited.join("\n"));
  expect(close.filter((pair) => pair.same).length).toBe(long.length - 13);
  expect(all(close, "left")).toBe(long.join("\n"));
  expect(all(close, "right")).toBe(edited.join("\n"));

  const other = long.map((line, index) => (index === 0 || index === long.length - 1 ? line : `${line} x`));
  const apart = compareLines(long.join("\n"), other.join("\n"));
  expect(apart.filter((pair) => pair.same).map((pair) => apart.indexOf(pair))).toEqual([0, long.length - 1]);
  expect(apart.length).toBe(long.length);
  expect(all(apart, "left")).toBe(long.join("\n"));
  expect(all(apart, "right")).toBe(other.join("\n"));
});

test("a target says whether it is this computer", () => {
  expect(targetText("http://127.0.0.1:7000/x")).toBe("this computer (127.0.0.1:7000)");
  expect(targetText("http://LOCALHOST/x")).toBe("this computer (LOCALHOST)");
  expect(targetText("http://[::1]:8080/")).toBe("this computer ([::1]:8080)");
  expect(targetText("https://api.twilio.com/2010")).toBe("api.twilio.com");
  expect(targetText("https://127.0.0.1.example.com/")).toBe("127.0.0.1.example.com");
  expect(targetText("https://me:pw@api.twilio.com/")).toBe("api.twilio.com");
  expect(targetText("nonsense")).toBe("");
});

// The lines of backend/verdict/words.go.
test("a rule reads as the backend writes it", () => {
  const rule = {
    status: "201",
    any_of: true,
    conditions: [
      { from: "json", path: "$.sid", test: "present", value: "" },
      { from: "header", path: "X-Id", test: "equals", value: "" },
    ],
    each: "",
    message_id: { from: "json", path: "" },
    error_code: { from: "json", path: "" },
    error_text: { from: "json", path: "" },
    throttled: [],
  } as Parameters<typeof ruleText>[0];
  expect(ruleText(rule)).toBe('status 201 and ($.sid present or header X-Id is "")');
  expect(ruleText({ ...rule, any_of: false })).toBe('status 201 and $.sid present and header X-Id is ""');
  expect(ruleText({ ...rule, status: "", conditions: [] })).toBe("status 200-299");
  expect(ruleText({ ...rule, conditions: [], each: "$.m" })).toBe("status 201 and something at $.m");
});

test("an incomplete answer is described in words", () => {
  const answer = {
    cut: "",
    truncated: false,
    unknown_coding: "",
    claimed_coding: "",
    broken_text: false,
  } as Parameters<typeof shortcomings>[0];
  expect(shortcomings(answer, false)).toEqual([]);
  expect(shortcomings({ ...answer, unknown_coding: "sdch" }, false)).toEqual([
    "The answer is packed as “sdch”, which Keydesk does not know. It is shown as it came.",
  ]);
  expect(shortcomings({ ...answer, claimed_coding: "gzip" }, false)).toEqual([
    "The answer says it is packed as gzip, but it is not.",
  ]);
  expect(shortcomings({ ...answer, cut: "halfway", broken_text: true }, true)).toHaveLength(3);
  expect(sizeText(1234)).toBe("1.2 kB");
});
