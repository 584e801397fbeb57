import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { user } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { Gate } from "./Gate";
import { againProblem, NewPassword } from "./NewPassword";
import { Trouble } from "./Trouble";

/** A password that somebody else gave has to be changed before anything else. */
export default function MustChange() {
  const session = useSession();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const change = useMutation(write("session.change_password", user.ChangePassword, { long: true }));
  const errors = fieldErrors(change.error);
  return (
    <Gate title="Choose a password" text="The one you were given is for the first sign-in only.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!againProblem(password, again)) change.mutate({ old_password: old, new_password: password });
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
          <Trouble cause={change.error} unlessAt={["old_password", "new_password"]} />
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
