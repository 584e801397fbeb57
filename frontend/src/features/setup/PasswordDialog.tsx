import { Button, Group, Modal, PasswordInput, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { user } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { write } from "../../bridge/query";

interface PasswordDialogProps {
  /** Why it is asked for. */
  why: string;
  onClose: () => void;
  onConfirmed: () => void;
}

/** Asks for the password once more, before what needs it fresh. */
export function PasswordDialog({ why, onClose, onConfirmed }: PasswordDialogProps) {
  const [password, setPassword] = useState("");
  const confirm = useMutation(write("session.confirm_password", user.ConfirmPassword));
  const fieldError = fieldErrors(confirm.error).password;
  return (
    <Modal opened onClose={onClose} title="Your password" withCloseButton={false}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate({ password }, { onSuccess: onConfirmed });
        }}
      >
        <Text mb="sm">{why}</Text>
        <PasswordInput
          label="Password"
          data-autofocus
          autoComplete="off"
          value={password}
          error={fieldError ?? (confirm.error ? `${confirm.error.message} ${confirm.error.hint}` : undefined)}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            Continue
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
