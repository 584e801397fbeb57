import { Anchor, Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { user } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { sessionScope, write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { useCountdown } from "../../shell/useCountdown";
import { AuthLayout } from "./AuthLayout";
import { againProblem, NewPassword } from "./NewPassword";
import { Refusal } from "./Refusal";
import { Trouble } from "./Trouble";

/** A password that somebody else has set must be changed before anything else. */
export default function MustChange() {
  const session = useSession();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const change = useMutation(write(user.ChangePassword, { refreshes: [sessionScope] }));
  const leave = useMutation(write(user.SignOut, { refreshes: [sessionScope] }));
  const wait = useCountdown(change.error);
  const errors = fieldErrors(change.error);
  const name = session.user.full_name || session.user.name;
  return (
    <AuthLayout
      title="Choose a password"
      text={`${name}, the password you were given is for the first sign-in only. Choose one that nobody else knows.`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wait.left > 0 || againProblem(password, again)) return;
          change.mutate({ old_password: old, new_password: password });
        }}
      >
        <Stack gap="md">
          <PasswordInput
            label="Password you were given"
            autoFocus
            autoComplete="off"
            value={old}
            error={errors.old_password}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
          <NewPassword
            label="New password"
            password={password}
            again={again}
            error={errors.new_password}
            againError={tried ? againProblem(password, again) : undefined}
            known={[session.user.name, session.organisation]}
            onChange={(next, nextAgain) => {
              setPassword(next);
              setAgain(nextAgain);
            }}
          />
          <Refusal cause={change.error} wait={wait} unlessAt={["old_password", "new_password"]} />
          <Trouble cause={leave.error} />
          <Button type="submit" loading={change.isPending} disabled={wait.left > 0}>
            Change password
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => leave.mutate(undefined)}>
            Sign out
          </Anchor>
        </Stack>
      </form>
    </AuthLayout>
  );
}
