import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { copyByDefault } from "./copy";

interface CopyButtonProps {
  text: string | (() => string | Promise<string>);
  /** What is copied, such as "Copy key". */
  label?: string;
  /** Shows the label next to the icon. */
  withText?: boolean;
  /** Copies the text; false when it could not. By default the function that the shell has set. */
  copy?: (text: string) => Promise<boolean>;
}

export function CopyButton({ text, label = "Copy", withText = false, copy }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"" | "Copied" | "Could not copy">("");

  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(""), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);

  const onClick = async () => {
    const value = typeof text === "string" ? text : await text();
    setOutcome((await (copy ?? copyByDefault)(value)) ? "Copied" : "Could not copy");
  };
  const icon = outcome === "Copied" ? <IconCheck size={16} /> : <IconCopy size={16} />;

  return (
    <>
      {withText ? (
        <Button size="xs" variant="default" leftSection={icon} onClick={onClick}>
          {outcome || label}
        </Button>
      ) : (
        <Tooltip label={outcome || label}>
          <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
            {icon}
          </ActionIcon>
        </Tooltip>
      )}
      <span role="status" className="visually-hidden">
        {outcome}
      </span>
    </>
  );
}
