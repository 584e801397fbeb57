import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { organisation } from "../../bridge/api";
import { read } from "../../bridge/query";
import { copyText, reportPainted } from "../../bridge/runtime";
import { CodeLine, keyClipboardMs, keyPlaceholder } from "../../shell/ClientSnippets";
import { BidiSafe, CopyButton, Note } from "../../ui";
import styles from "./ApiKey.module.css";
import { SwitchItOn } from "./SwitchItOn";
import type { Issued } from "./types";
import type { KeyShown } from "./useKeyShown";

interface ShownKeyProps {
  issued: Issued;
  shown: KeyShown;
}

/** A key that was just made, with what to do with it. It is nowhere else, and never comes again. */
export function ShownKey({ issued, shown }: ShownKeyProps) {
  const client = useQuery(read(organisation.Client, undefined, { watches: ["apikey"] })).data;
  // The form that had the focus is gone. Not at Copy, which a second Enter would press.
  const line = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    line.current?.focus();
    requestAnimationFrame(() => requestAnimationFrame(() => reportPainted("key-shown")));
  }, []);
  // Switch it on goes with its button, and would leave the focus nowhere.
  const on = client?.on;
  const [wasOff, setWasOff] = useState(false);
  useEffect(() => {
    if (on === false) setWasOff(true);
    else if (on && document.activeElement === document.body) line.current?.focus();
  }, [on]);
  if (!shown.visible) return null;
  const { key, secret, same_title } = issued;
  const copy = async (text: string) => {
    const done = await copyText(text, keyClipboardMs);
    if (done) shown.copied();
    return done;
  };
  const curl = client?.snippets.find((each) => each.language === "curl")?.code.replace(keyPlaceholder, () => secret);
  return (
    <div className={styles.form}>
      <Text>
        This is the key “<BidiSafe text={key.title} />
        ”. Copy it now and store it safely, such as in a password manager or in the settings of the system that will use
        it. Keydesk does not keep it and cannot show it again.
      </Text>
      <div className={styles.keyLine}>
        <output ref={line} tabIndex={-1} className={styles.key} aria-label="API key" onCopy={shown.copied}>
          {secret}
        </output>
        <CopyButton text={secret} label="Copy" withText copy={copy} />
      </div>
      <Text className={styles.dimmed}>
        The clipboard is cleared after a minute if it still holds the key. Do not send the key by e-mail or chat.
      </Text>
      {same_title > 0 && (
        <Note tone="amber" alert={false}>
          {same_title === 1 ? "Another key has" : `${same_title} other keys have`} this name too. Edit one of them, so
          that they can be told apart.
        </Note>
      )}
      {client && (
        <>
          {!client.on && <SwitchItOn />}
          <Text role="status" display={client.on && wasOff ? undefined : "none"}>
            {client.on && wasOff && "The local API is on. The key can be used at once."}
          </Text>
          {curl && (
            <div>
              <p className={styles.legend}>Try it: this line asks who the key is</p>
              <CodeLine text={curl.trimEnd()} label="the curl line" secret onCopied={shown.copied} />
            </div>
          )}
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={() => void shown.close()}>Done</Button>
      </Group>
    </div>
  );
}
