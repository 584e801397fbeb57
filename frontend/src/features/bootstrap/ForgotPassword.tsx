import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { user } from "../../bridge/api";
import { sessionScope, write } from "../../bridge/query";
import { AuthLayout } from "./AuthLayout";
import styles from "./AuthLayout.module.css";
import { againProblem, NewPassword } from "./NewPassword";
import { placed } from "./placed";
import { Trouble } from "./Trouble";

/** An Org Admin who forgot the password signs in with the recovery code (RULES.md, Sign-in). */
export function ForgotPassword({ name: known, onBack }: { name: string; onBack: () => void }) {
  const [name, setName] = useState(known);
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const reset = useMutation(write(user.ForgotPassword, { refreshes: [sessionScope] }));
  const errors = placed(reset.error);
  const againError = tried ? againProblem(password, again) : undefined;
  return (
    <AuthLayout
      title="Forgot password"
      text="An Org Admin can set a new password with the recovery code of this office. Everyone else asks an Org Admin."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (againProblem(password, again)) return;
          reset.mutate({ name, code, new_password: password });
        }}
      >
        <Stack gap="md">
          <TextInput
            label="User name"
            autoFocus
            spellCheck={false}
            autoComplete="off"
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Recovery code"
            autoComplete="off"
            spellCheck={false}
            className={styles.typed}
            value={code}
            error={errors.code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <NewPassword
            label="New password"
            password={password}
            again={again}
            error={errors.new_password}
            againError={againError}
            known={[name]}
            onChange={(next, nextAgain) => {
              setPassword(next);
              setAgain(nextAgain);
            }}
          />
          <Trouble cause={reset.error} unlessAt={["name", "code", "new_password"]} />
          <Group justify="space-between">
            <Button variant="default" onClick={onBack}>
              Back
            </Button>
            <Button type="submit" loading={reset.isPending}>
              Set password and sign in
            </Button>
          </Group>
        </Stack>
      </form>
    </AuthLayout>
  );
}
