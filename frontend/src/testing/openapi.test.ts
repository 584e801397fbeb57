import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";

const source = readFileSync("../backend/localapi/openapi.yaml", "utf8");

// The local API's document is valid for a program that knows nothing of Keydesk or of
// its own tests, and all its references lead somewhere.
test("the OpenAPI document passes an independent validator", async () => {
  const validator = new Validator();
  const result = await validator.validate(source);
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  const resolved = validator.resolveRefs() as { paths: Record<string, unknown> };
  expect(Object.keys(resolved.paths)).toContain("/v1/calls");
});

// Without this the test above would also pass with a validator that accepts anything.
test("the validator refuses a document that is wrong", async () => {
  for (const [from, to] of [
    ["openapi: 3.1.0", "openapi: 3.1"],
    ["  title: Keydesk local API", "  tittle: Keydesk local API"],
    ["in: header", "in: head"],
    ["      operationId: getKey", "      operationID: getKey"],
  ] as const) {
    const wrong = source.replace(from, to);
    expect(wrong).not.toBe(source);
    const result = await new Validator().validate(wrong);
    expect(result.valid, to).toBe(false);
  }
});
