import { type Fault, fieldErrors } from "../../bridge/fault";

/** Refusals of what was typed that name no input; they belong at the one they are about. */
const about: Record<string, "code" | "passphrase"> = {
  "vault.code_mistyped": "code",
  "vault.code_wrong": "code",
  "vault.passphrase_wrong": "passphrase",
  "vault.passphrase_short": "passphrase",
};

/** A fault's messages by input, also where it only says by its code which one it means. */
export function placed(fault: Fault | null): Record<string, string> {
  const field = fault && about[fault.code];
  return field ? { [field]: `${fault.message} ${fault.hint}`.trim() } : fieldErrors(fault);
}
