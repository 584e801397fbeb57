import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { user as calls } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { useSession } from "../../bridge/session";
import { FaultNote } from "../../shell/FaultNote";
import { wasGivenUp } from "../../shell/password";
import { Modal } from "../../ui";
import { againProblem, nothingTyped, PasswordTwice } from "./PasswordTwice";
import { useConfirmedWrite } from "./useConfirmedWrite";
import { calledOf, type User } from "./words";

/** Sets a new first password for somebody who forgot theirs. */
export function ResetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const { organisation } = useSession();
  const [typed, setTyped] = useState(nothingTyped);
  const [twice, setTwice] = useState<string>();
  const reset = useConfirmedWrite(calls.ResetPassword);
  const errors = fieldErrors(reset.error);

  const save = () => {
    if (reset.isPending) return;
    const problem = againProblem(typed);
    setTwice(problem);
    if (problem) return;
    reset.mutate(
      { id: user.id, password: typed.password },
      {
        onSuccess: () => {
          notifications.show({ message: `${calledOf(user)} signs in with the new password and then changes it.` });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title={<strong>Reset the password of {user.name}</strong>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Text size="sm">The old password stops working at once.</Text>
        <PasswordTwice
          label="New password"
          typed={typed}
          known={[user.name, user.full_name, organisation]}
          error={errors.password}
          againError={twice}
          focus
          onChange={(next) => {
            setTyped(next);
            setTwice(undefined);
          }}
        />
        {reset.error && !errors.password && !wasGivenUp(reset.error) && <FaultNote fault={reset.error} />}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={reset.isPending}>
            Reset password
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
