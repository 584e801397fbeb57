import { Button, NumberInput, Textarea } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import styles from "./ApiKey.module.css";
import { SingleScopes } from "./GrantFields";
import type { KeyDraft, Scope } from "./keyDraft";

interface MoreFieldsProps {
  open: boolean;
  onOpen: (open: boolean) => void;
  draft: KeyDraft;
  scopes: Scope[];
  errors: Record<string, string>;
  onChange: (part: Partial<KeyDraft>) => void;
}

/** What few people need: single scopes, from where the key may be used, and how often. */
export function MoreFields({ open, onOpen, draft, scopes, errors, onChange }: MoreFieldsProps) {
  const fields = useRef<HTMLDivElement>(null);
  // Below the edge of the dialog they would open unseen.
  useEffect(() => {
    if (open) fields.current?.scrollIntoView?.({ block: "nearest" });
  }, [open]);
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={open}
        leftSection={<Icon size={16} aria-hidden />}
        onClick={() => onOpen(!open)}
      >
        More
      </Button>
      {open && (
        <div ref={fields} className={`${styles.more} ${styles.inset}`}>
          <SingleScopes draft={draft} scopes={scopes} onChange={onChange} />
          <Textarea
            label="Source addresses"
            description="From where it may be used, one a line: 192.168.1.20, or a network such as 192.168.1.0/24. Empty is this computer alone."
            rows={2}
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={draft.sources}
            error={errors["grants.sources"]}
            onChange={(event) => onChange({ sources: event.currentTarget.value })}
          />
          <NumberInput
            label="Requests a minute, at most"
            placeholder="As in Settings, Local API"
            w="16rem"
            min={0}
            max={100_000}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            value={draft.perMinute}
            error={errors["grants.per_minute"]}
            onChange={(next) => onChange({ perMinute: String(next) })}
          />
        </div>
      )}
    </div>
  );
}
