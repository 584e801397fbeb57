import { Checkbox, Radio, Stack } from "@mantine/core";
import { useSession } from "../../bridge/session";
import styles from "./ApiKey.module.css";
import { type KeyDraft, type Scope, templateOf, templatesFor } from "./keyDraft";

interface TemplatesProps {
  draft: KeyDraft;
  /** The scopes that the person may give. */
  scopes: Scope[];
  error?: string;
  onChange: (part: Partial<KeyDraft>) => void;
}

/** What the key may do, as one of a few choices (E15, E17). */
export function Templates({ draft, scopes, error, onChange }: TemplatesProps) {
  const { is_org_admin } = useSession().user;
  const offered = [
    ...templatesFor(scopes),
    ...(is_org_admin
      ? [
          {
            id: "full",
            label: "Full access",
            text: "Everything that a key can do today. What is added later is not part of it.",
            scopes: [],
          },
        ]
      : []),
  ];
  const chosen = templateOf(draft);
  return (
    <Radio.Group
      label="What it may do"
      value={chosen}
      error={error}
      onChange={(id) =>
        onChange({ full: id === "full", scopes: offered.find((each) => each.id === id)?.scopes ?? draft.scopes })
      }
    >
      <div className={`${styles.choices} ${styles.inset}`}>
        {offered.map(({ id, label, text }) => (
          <Radio key={id} value={id} label={label} description={text} />
        ))}
        {chosen === "" && (
          <p className={styles.dimmed}>
            {draft.scopes.length > 0 ? "As chosen one by one under More." : "Nothing is chosen yet."}
          </p>
        )}
      </div>
    </Radio.Group>
  );
}

/** The scopes one by one. */
export function SingleScopes({ draft, scopes, onChange }: TemplatesProps) {
  const held = draft.full ? scopes.map((each) => each.scope as string) : draft.scopes;
  return (
    <Checkbox.Group
      label="Single scopes"
      description="They never change once the key is made."
      value={held}
      onChange={(next) => onChange({ full: false, scopes: next })}
    >
      <Stack gap="0.375rem" mt="0.375rem">
        {scopes.map(({ scope, label }) => (
          <Checkbox key={scope} value={scope} label={label} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
