import { Anchor } from "@mantine/core";
import { inputPath } from "../../bridge/fault";
import { BidiSafe } from "../../ui";
import type { Detail } from "./types";

interface Input {
  path: string;
  label: string;
}

/** The input to change: from the provider's table, or else guessed from the status. */
export function inputToChange({ reply: { fix, result, answer } }: Detail): Input | undefined {
  return fix ?? (result.verdict === "accepted" ? undefined : fieldOfStatus[answer.status]);
}

/** Leads to it. */
export function ToField({ field, onField }: { field: Input; onField: (path: string) => void }) {
  return (
    <Anchor component="button" type="button" inherit onClick={() => onField(inputPath(field.path))}>
      Go to <BidiSafe text={field.label} />
    </Anchor>
  );
}

/** The input a refusal points to by its status alone. */
const fieldOfStatus: Record<number, Input> = {
  401: { path: "draft.request.auth", label: "Authentication" },
  403: { path: "draft.request.auth", label: "Authentication" },
  404: { path: "draft.request.url", label: "API URL" },
  405: { path: "draft.request.method", label: "Method Type" },
  410: { path: "draft.request.url", label: "API URL" },
  415: { path: "draft.request.body_format", label: "Body format" },
};
