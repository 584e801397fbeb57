import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Fault } from "../bridge/fault";
import { BidiSafe } from "../ui/BidiSafe";

/** Says that something was done, in the corner of the window. */
export function tell(message: string): void {
  notifications.show({ message, closeButtonProps });
}

const closeButtonProps = { "aria-label": "Dismiss" };

/** Shows a refusal in the corner of the window, for actions that have no form. It stays until it is read. */
export function showFault(fault: Fault): void {
  notifications.show({
    color: "red",
    autoClose: false,
    closeButtonProps,
    role: "alert",
    message: <FaultWords fault={fault} />,
  });
}

/** A fault's sentence, what to try, and the things it names. */
export function FaultWords({ fault }: { fault: Fault }) {
  return (
    <>
      <BidiSafe text={fault.message} /> {fault.hint && <BidiSafe text={fault.hint} />}{" "}
      {fault.links.map((link) => (
        <Anchor key={link.id} href={linkTo(link)} inherit>
          Open “{link.name}”
        </Anchor>
      ))}
    </>
  );
}

const screens: Record<string, string> = { setup: "/setups", process: "/processes", call: "/calls" };

function linkTo({ kind, id }: { kind: string; id: string }): string {
  return `#${screens[kind] ?? "/setups"}/${id}`;
}
