import { Anchor, Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { user } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { sessionScope, write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { useCountdown } from "../../shell/useCountdown";
import { AuthLayout } from "./AuthLayout";
import { Refusal } from "./Refusal";
import SignIn from "./SignIn";

/** The lock above the screen. After unlocking, the screen is as it was, with any unsaved form (A07). */
export default function Locked() {
  const session = useSession();
  const [password, setPassword] = useState("");
  const [other, setOther] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const unlock = useMutation(write(user.Unlock, { refreshes: [sessionScope] }));
  const wait = useCountdown(unlock.error);
  const errors = fieldErrors(unlock.error);
  const name = session.user.full_name || session.user.name;
  if (other) {
    return (
      <SignIn
        text={`Sign in as someone else. What ${name} has not saved will be lost.`}
        onBack={() => setOther(false)}
      />
    );
  }
  return (
    <AuthLayout title="Locked" text={`${name}, enter your password to continue where you were.`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wait.left > 0 || unlock.isPending) return;
          unlock.mutate(
            { password },
            {
              onError: () => {
                // A person who is typing again stays where they are, and so does what they typed.
                setPassword((now) => (now === password ? "" : now));
                if (!(document.activeElement instanceof HTMLInputElement)) field.current?.focus();
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <PasswordInput
            ref={field}
            label="Password"
            autoFocus
            autoComplete="off"
            value={password}
            error={errors.password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Refusal cause={unlock.error} wait={wait} unlessAt={["password"]} />
          <Button type="submit" loading={unlock.isPending} disabled={wait.left > 0}>
            Unlock
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setOther(true)}>
            Sign in as someone else
          </Anchor>
        </Stack>
      </form>
    </AuthLayout>
  );
}
