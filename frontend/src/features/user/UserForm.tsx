import { Button, Group, MultiSelect, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { user as calls } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { fieldErrors } from "../../bridge/fault";
import { useSession } from "../../bridge/session";
import { FaultNote } from "../../shell/FaultNote";
import { wasGivenUp } from "../../shell/password";
import { Modal, useUnsaved } from "../../ui";
import { againProblem, nothingTyped, PasswordTwice } from "./PasswordTwice";
import { useConfirmedWrite } from "./useConfirmedWrite";
import type { Role, User } from "./words";

interface UserFormProps {
  /** Null makes a new one. */
  user: User | null;
  roles: Role[];
  onClose: () => void;
  /** Reads the user again and fills the form with the result. */
  onReload?: () => void;
}

/** A user's names, roles and, for a new user, the first password. Read-only for a person who may only look. */
export function UserForm({ user, roles, onClose, onReload }: UserFormProps) {
  const session = useSession();
  const mayEdit = useCan(calls.Update);
  const readOnly = user !== null && !mayEdit;
  // The user as opened: a newer version that arrives meanwhile must not be overwritten unseen.
  const [start] = useState(user);
  const before = {
    name: start?.name ?? "",
    full_name: start?.full_name ?? "",
    role_ids: start?.roles.map((role) => role.id) ?? [],
    active: start?.active ?? true,
  };
  const [draft, setDraft] = useState(before);
  const [typed, setTyped] = useState(nothingTyped);
  const [twice, setTwice] = useState<string>();
  const create = useConfirmedWrite(calls.Create);
  const update = useConfirmedWrite(calls.Update);
  const fault = create.error ?? update.error;
  const errors = fieldErrors(fault);
  const atFields = Object.keys(errors).length > 0;
  const dirty = JSON.stringify(draft) !== JSON.stringify(before) || typed.password !== "";
  const { mayLeave, release } = useUnsaved(dirty && !readOnly, "this user");

  const change = (part: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...part }));
  const close = async () => {
    if (await mayLeave()) onClose();
  };
  const done = (words: string) => {
    notifications.show({ message: words });
    release();
    onClose();
  };
  const save = () => {
    if (readOnly || create.isPending || update.isPending) return;
    if (start) {
      update.mutate(
        { id: start.id, version: start.version, ...draft },
        { onSuccess: (saved) => done(`Saved “${saved.name}”.`) },
      );
      return;
    }
    const problem = againProblem(typed);
    setTwice(problem);
    if (problem) return;
    const { name, full_name, role_ids } = draft;
    create.mutate(
      { name, full_name, role_ids, password: typed.password },
      { onSuccess: (made) => done(`Created “${made.name}”.`) },
    );
  };
  const title = start ? (readOnly ? `View ${start.name}` : `Edit ${start.name}`) : "New user";
  return (
    <Modal opened onClose={() => void close()} withCloseButton={false} title={<strong>{title}</strong>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          label="User name"
          description="What they type to sign in."
          data-autofocus
          readOnly={readOnly}
          dir="auto"
          maxLength={200}
          autoComplete="off"
          value={draft.name}
          error={errors.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          mt="sm"
          label="Full name (optional)"
          readOnly={readOnly}
          dir="auto"
          maxLength={300}
          autoComplete="off"
          value={draft.full_name}
          error={errors.full_name}
          onChange={(event) => change({ full_name: event.currentTarget.value })}
        />
        <MultiSelect
          mt="sm"
          label="Roles"
          description="Several roles add up."
          placeholder={draft.role_ids.length === 0 ? "Choose at least one" : undefined}
          readOnly={readOnly}
          data={roles.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.role_ids}
          error={errors.role_ids}
          comboboxProps={{ transitionProps: { duration: 0 } }}
          onChange={(role_ids) => change({ role_ids })}
        />
        {start && !readOnly && start.id !== session.user.id && (
          <Switch
            mt="md"
            label="Can sign in"
            checked={draft.active}
            onChange={(event) => change({ active: event.currentTarget.checked })}
          />
        )}
        {!start && (
          <PasswordTwice
            label="Password"
            typed={typed}
            known={[draft.name, draft.full_name, session.organisation]}
            error={errors.password}
            againError={twice}
            onChange={(next) => {
              setTyped(next);
              setTwice(undefined);
            }}
          />
        )}
        {fault && !atFields && !wasGivenUp(fault) && (
          <Group mt="sm">
            <FaultNote fault={fault} onReload={onReload} />
          </Group>
        )}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={() => void close()}>
            {readOnly ? "Close" : "Cancel"}
          </Button>
          {!readOnly && (
            <Button type="submit" loading={create.isPending || update.isPending}>
              {start ? "Update" : "Create user"}
            </Button>
          )}
        </Group>
      </form>
    </Modal>
  );
}
