import { Anchor, Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { user } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { lookAgain, sessionShelf, write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { Gate } from "./Gate";
import SignIn from "./SignIn";
import { Trouble } from "./Trouble";

/** The lock above a screen that is kept: the same person finds it as it was, unsaved form included. */
export default function Locked() {
  const session = useSession();
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const [other, setOther] = useState(false);
  const unlock = useMutation(write("session.unlock", user.Unlock, { long: true }));
  const errors = fieldErrors(unlock.error);
  if (other) return <SignIn />;
  return (
    <Gate
      title="Locked"
      text={`${session.user.full_name || session.user.name}, enter your password to go on where you were.`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          unlock.mutate(
            { password },
            {
              onError: (cause) => {
                setPassword("");
                if (cause.kind === "unauthenticated") void lookAgain(client, sessionShelf);
              },
            },
          );
        }}
      >
        <Stack gap="md">
          <PasswordInput
            label="Password"
            autoFocus
            autoComplete="off"
            value={password}
            error={errors.password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Trouble cause={unlock.error} unlessAt={["password"]} />
          <Button type="submit" loading={unlock.isPending}>
            Unlock
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setOther(true)}>
            Sign in as someone else (what was not saved is lost)
          </Anchor>
        </Stack>
      </form>
    </Gate>
  );
}
