import { Button, Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { user } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { FaultNote } from "../../shell/FaultNote";
import { wasGivenUp } from "../../shell/password";
import { Modal } from "../../ui";
import { useConfirmedWrite } from "./useConfirmedWrite";
import type { Role } from "./words";

/** What the dialog does. */
export type RoleTask = { kind: "create"; copy: Role | null } | { kind: "rename"; role: Role };

interface RoleDialogProps {
  task: RoleTask;
  roles: Role[];
  onClose: () => void;
}

/** Asks for a role's name and, for a new role, for the role whose permissions it starts with. */
export function RoleDialog({ task, roles, onClose }: RoleDialogProps) {
  const [name, setName] = useState(task.kind === "rename" ? task.role.name : "");
  const [from, setFrom] = useState(task.kind === "create" ? (task.copy?.id ?? "") : "");
  const create = useConfirmedWrite(user.CreateRole);
  const update = useConfirmedWrite(user.UpdateRole);
  const fault = create.error ?? update.error;
  const errors = fieldErrors(fault);
  const busy = create.isPending || update.isPending;

  const save = () => {
    if (busy) return;
    if (task.kind === "rename") {
      const { id, version, permissions } = task.role;
      update.mutate({ id, version, name, permissions }, { onSuccess: onClose });
      return;
    }
    const permissions = roles.find((role) => role.id === from)?.permissions ?? [];
    create.mutate({ name, permissions }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      title={<strong>{task.kind === "rename" ? `Rename ${task.role.name}` : "New role"}</strong>}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          label="Role name"
          placeholder="Such as Front desk"
          data-autofocus
          dir="auto"
          maxLength={200}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {task.kind === "create" && (
          <Select
            mt="sm"
            label="Start with the permissions of"
            data={[{ value: "", label: "None" }, ...roles.map((role) => ({ value: role.id, label: role.name }))]}
            value={from}
            allowDeselect={false}
            comboboxProps={{ transitionProps: { duration: 0 } }}
            onChange={(next) => setFrom(next ?? "")}
          />
        )}
        {fault && !errors.name && !wasGivenUp(fault) && (
          <Group mt="sm">
            <FaultNote fault={fault} />
          </Group>
        )}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            {task.kind === "rename" ? "Rename" : "Create role"}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
