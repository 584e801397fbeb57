import { Alert, Anchor, Button, Group } from "@mantine/core";
import type { Fault } from "../bridge/fault";
import { BidiSafe } from "../ui/BidiSafe";

interface FaultNoteProps {
  fault: Fault;
  /** Reads the thing again; offered where somebody else has changed or deleted it meanwhile. */
  onReload?: () => void;
  onClose?: () => void;
}

/** The screens of the things that a fault names, by kind. */
const screens: Record<string, string> = {
  setup: "/setups",
  place: "/processes",
  user: "/users",
  call: "/calls",
  provider: "/providers",
  key: "/keys",
};

/** A refusal shown on the screen: what happened, what to try, and a link to each thing that it names. */
export function FaultNote({ fault, onReload, onClose }: FaultNoteProps) {
  const stale = fault.code.endsWith(".stale") || fault.kind === "not_found";
  return (
    <Alert
      color="red"
      role="alert"
      title={<BidiSafe text={fault.message} />}
      withCloseButton={onClose !== undefined}
      closeButtonLabel="Close this message"
      onClose={onClose}
    >
      {fault.hint && <BidiSafe text={fault.hint} />}
      {fault.links.length > 0 && (
        <ul style={{ margin: "0.5rem 0 0", paddingInlineStart: "1.25rem" }}>
          {fault.links.map((link) => {
            const screen = screens[link.kind];
            return (
              <li key={`${link.kind} ${link.id}`} dir="auto">
                {screen ? (
                  <Anchor href={`#${screen}/${encodeURIComponent(link.id)}`} inherit c="inherit" underline="always">
                    <BidiSafe text={link.name} />
                  </Anchor>
                ) : (
                  <BidiSafe text={link.name} />
                )}
              </li>
            );
          })}
        </ul>
      )}
      {stale && onReload && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={onReload}>
            Reload
          </Button>
        </Group>
      )}
    </Alert>
  );
}
