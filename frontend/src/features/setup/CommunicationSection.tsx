import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import type { SectionProps } from "./draft";
import { type Channel, channelLabels, choices } from "./words";

/** What the key is for (A03, A25). */
export function CommunicationSection({ draft, change, errors, readOnly }: SectionProps) {
  const id = useId();
  return (
    <Input.Wrapper
      labelElement="div"
      label="Key For"
      labelProps={{ id }}
      withAsterisk
      error={errors["draft.channel"]}
      description={draft.channel === "email" ? "Over an HTTP API, not SMTP." : undefined}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      <div>
        <SegmentedControl
          aria-labelledby={id}
          data={choices(channelLabels)}
          value={draft.channel}
          readOnly={readOnly}
          transitionDuration={0}
          onChange={(channel) => change({ channel: channel as Channel })}
        />
      </div>
    </Input.Wrapper>
  );
}
