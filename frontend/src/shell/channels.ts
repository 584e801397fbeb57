import type { model } from "../bridge/api";
import type { Plain } from "../bridge/query";

type Channel = Plain<model.setup.Channel>;

/** The channels as every screen calls them (UI.md, Form of a setup). The labels are exact, and tests check them. */
export const channelLabels: Record<Channel, string> = {
  sms: "SMS",
  whatsapp_business: "WhatsApp Business",
  email: "Email",
};

/** The label of a channel by its code; a code that is none stays as it is. */
export function channelLabel(code: string): string {
  return Object.hasOwn(channelLabels, code) ? channelLabels[code as Channel] : code;
}
