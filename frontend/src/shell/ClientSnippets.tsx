import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { model } from "../bridge/api";
import type { Plain } from "../bridge/query";
import { copyText } from "../bridge/runtime";
import { CopyButton } from "../ui/CopyButton";
import styles from "./ClientSnippets.module.css";

/** How long a key stays on the clipboard, in milliseconds. */
export const keyClipboardMs = 60_000;

/** Where a snippet's key is pasted, as Go writes it. */
export const keyPlaceholder = "PASTE_YOUR_KEY_HERE";

interface CodeLineProps {
  text: string;
  label: string;
  /** What is copied is removed from the clipboard after a minute, as a key. */
  secret?: boolean;
  onCopied?: () => void;
}

/** A line or a few of code with a button that copies it. */
export function CodeLine({ text, label, secret = false, onCopied }: CodeLineProps) {
  const copy = async (what: string) => {
    const done = await copyText(what, secret ? keyClipboardMs : 0);
    if (done) onCopied?.();
    return done;
  };
  return (
    <div className={styles.code}>
      <pre className={styles.text} onCopy={onCopied}>
        {text}
      </pre>
      <CopyButton text={text} label={`Copy ${label}`} copy={copy} />
    </div>
  );
}

/** How another program calls this office, in each language, with the real address (C04). */
export function ClientSnippets({ client }: { client: Plain<model.organisation.Client> }) {
  const [language, setLanguage] = useState("curl");
  const snippet = client.snippets.find((each) => each.language === language) ?? client.snippets[0];
  if (!snippet) return null;
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="Language"
        size="xs"
        style={{ alignSelf: "flex-start" }}
        data={client.snippets.map(({ language: value, label }) => ({ value, label }))}
        value={snippet.language}
        onChange={setLanguage}
      />
      <CodeLine text={snippet.code.trimEnd()} label={`the ${snippet.label} example`} />
      <Text size="xs" c="dimmed">
        Put the key in place of {keyPlaceholder}. The answer says what the key may do, and until when.
      </Text>
    </Stack>
  );
}
