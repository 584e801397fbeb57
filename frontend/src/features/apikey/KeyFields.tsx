import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ExpiryField } from "./ExpiryField";
import { Templates } from "./GrantFields";
import { calls, type KeyDraft, type Scope } from "./keyDraft";
import { MoreFields } from "./MoreFields";
import type { MenuPath } from "./menuPath";
import { ReachFields } from "./ReachFields";

/** The parts of the form that More hides. */
const hidden = ["grants.sources", "grants.per_minute"];

interface KeyFieldsProps {
  menu: MenuPath;
  draft: KeyDraft;
  scopes: Scope[];
  errors: Record<string, string>;
  onChange: (part: Partial<KeyDraft>) => void;
  /** Fields after the name. */
  children?: ReactNode;
}

/** The fields of a key that is made or taken over. */
export function KeyFields({ menu, draft, scopes, errors, onChange, children }: KeyFieldsProps) {
  const [more, setMore] = useState(false);
  return (
    <>
      <TextInput
        label={menu.name}
        description="What it is for, so that everybody knows which system stops when the key does."
        placeholder={`Such as ${menu.example}`}
        withAsterisk
        data-autofocus
        dir="auto"
        maxLength={200}
        autoComplete="off"
        value={draft.title}
        error={errors.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      {children}
      <ExpiryField term={draft.term} error={errors.expires} onChange={(term) => onChange({ term })} />
      <Templates draft={draft} scopes={scopes} error={errors["grants.scopes"]} onChange={onChange} />
      {calls(draft) && <ReachFields draft={draft} errors={errors} onChange={onChange} />}
      <MoreFields
        open={more || hidden.some((name) => errors[name] !== undefined)}
        onOpen={setMore}
        draft={draft}
        scopes={scopes}
        errors={errors}
        onChange={onChange}
      />
    </>
  );
}
