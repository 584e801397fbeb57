import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { user } from "../bridge/api";
import { fieldErrors } from "../bridge/fault";
import { sessionScope, write } from "../bridge/query";
import { useSession } from "../bridge/session";
import { Modal } from "../ui/Dialogs";
import { PasswordStrength } from "../ui/PasswordStrength";
import { useCountdown } from "./useCountdown";

/** The dialog in which a user changes their own password (A07). */
export function ChangePassword({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const change = useMutation(write(user.ChangePassword, { refreshes: [sessionScope] }));
  const wait = useCountdown(change.error);
  const errors = fieldErrors(change.error);
  // Typed passwords are not kept behind the lock.
  useEffect(() => {
    if (session.state !== "ready") onClose();
  }, [session.state, onClose]);
  const atFields = Object.keys(errors).length > 0;
  return (
    <Modal opened onClose={onClose} title={<strong>Change password</strong>} withCloseButton={false}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wait.left > 0 || password !== again) return;
          change.mutate(
            { old_password: old, new_password: password },
            {
              onSuccess: () => {
                notifications.show({ message: "Your password is changed." });
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <PasswordInput
            label="Current password"
            data-autofocus
            autoComplete="off"
            value={old}
            error={errors.old_password}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
          <Stack gap={4}>
            <PasswordInput
              label="New password"
              description="At least 12 characters. A few words in a row are good."
              autoComplete="off"
              value={password}
              error={errors.new_password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <PasswordStrength password={password} known={[session.user.name, session.organisation]} />
            <PasswordInput
              label="New password again"
              autoComplete="off"
              value={again}
              error={tried && password !== again ? "The two do not match." : undefined}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
          </Stack>
          {change.error && !atFields && (wait.left > 0 || change.error.code !== "user.wait") && (
            <Text c="var(--mantine-color-error)" role="alert">
              {wait.left > 0 ? wait.text : change.error.message} {change.error.hint}
            </Text>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} disabled={wait.left > 0}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
