import { type Fault, fieldErrors } from "../../bridge/fault";

/** The inputs of refusals that name no input. */
const inputOf: Record<string, "code" | "passphrase"> = {
  "vault.code_mistyped": "code",
  "vault.code_wrong": "code",
  "vault.passphrase_wrong": "passphrase",
  "vault.passphrase_short": "passphrase",
};

/** A fault's messages by input, even where only the fault's code tells which input is meant. */
export function placed(fault: Fault | null): Record<string, string> {
  const field = fault && inputOf[fault.code];
  return field ? { [field]: `${fault.message} ${fault.hint}`.trim() } : fieldErrors(fault);
}
