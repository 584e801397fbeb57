import { Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { user } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { sessionScope, write } from "../../bridge/query";
import { reportPainted } from "../../bridge/runtime";
import { useSession } from "../../bridge/session";
import { useCountdown } from "../../shell/useCountdown";
import { AuthLayout } from "./AuthLayout";
import { DemoPeople } from "./DemoPeople";
import { ForgotPassword } from "./ForgotPassword";
import { Refusal } from "./Refusal";

interface SignInProps {
  /** Shown under the title instead of the usual sentence. */
  text?: ReactNode;
  /** Goes back to the lock, which keeps somebody else's screen. */
  onBack?: () => void;
}

/** Sign-in by user name and password (A06). The message does not say which part was wrong. */
export default function SignIn({ text = "Sign in to continue.", onBack }: SignInProps) {
  const session = useSession();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [forgot, setForgot] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const enter = useRef<HTMLButtonElement>(null);
  const signIn = useMutation(write(user.SignIn, { refreshes: [sessionScope] }));
  const wait = useCountdown(signIn.error);
  const errors = fieldErrors(signIn.error);

  if (forgot) return <ForgotPassword name={name} onBack={() => setForgot(false)} />;
  return (
    <AuthLayout title={session.organisation || "Sign in"} text={text}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wait.left > 0 || signIn.isPending) return;
          signIn.mutate(
            { name, password },
            {
              // Speed is measured from here to the painted list.
              onSuccess: () => reportPainted("answered"),
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
          <TextInput
            label="User name"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={name}
            error={errors.name}
            onChange={(event) => {
              setName(event.currentTarget.value);
              // The wait after wrong passwords belongs to one user name.
              signIn.reset();
            }}
          />
          <PasswordInput
            ref={field}
            label="Password"
            autoComplete="off"
            value={password}
            error={errors.password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Refusal cause={signIn.error} wait={wait} unlessAt={["name", "password"]} />
          <Button ref={enter} type="submit" loading={signIn.isPending} disabled={wait.left > 0}>
            Sign in
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setForgot(true)}>
            Forgot password
          </Anchor>
          {onBack && (
            <Anchor component="button" type="button" size="sm" onClick={onBack}>
              Back to the locked screen
            </Anchor>
          )}
        </Stack>
      </form>
      <DemoPeople
        people={session.demo_users}
        onChoose={(chosen) => {
          setName(chosen.name);
          setPassword(chosen.password);
          signIn.reset();
          enter.current?.focus();
        }}
      />
    </AuthLayout>
  );
}
