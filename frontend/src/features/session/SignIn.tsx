import { Anchor, Button, PasswordInput, Stack, Table, TextInput, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { user } from "../../bridge/api";
import { write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { ForgotPassword } from "./ForgotPassword";
import { Gate } from "./Gate";
import { Trouble } from "./Trouble";
import { useWait } from "./useWait";

/** Sign-in by user name and password (A06). The message does not tell which part was wrong. */
export default function SignIn() {
  const session = useSession();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [forgot, setForgot] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const signIn = useMutation(write("session.sign_in", user.SignIn, { long: true }));
  const wait = useWait(signIn.error);

  if (forgot) return <ForgotPassword onBack={() => setForgot(false)} />;
  return (
    <Gate title={session.organisation || "Sign in"} text="Sign in to go on.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate(
            { name, password },
            {
              onError: () => {
                setPassword("");
                field.current?.focus();
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
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            ref={field}
            label="Password"
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Trouble cause={wait > 0 || signIn.error?.kind !== "limited" ? signIn.error : null} />
          <Button type="submit" loading={signIn.isPending} disabled={wait > 0}>
            {wait > 0 ? `Sign in (in ${wait} s)` : "Sign in"}
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setForgot(true)}>
            Forgot password
          </Anchor>
        </Stack>
      </form>
      {session.demo_users.length > 0 && (
        <>
          <p>This is the demo office. Choose who to be:</p>
          <Table aria-label="People of the demo office">
            <Table.Tbody>
              {session.demo_users.map((each) => (
                <Table.Tr key={each.name}>
                  <Table.Td>
                    <UnstyledButton
                      onClick={() => {
                        setName(each.name);
                        setPassword(each.password);
                      }}
                    >
                      <Anchor component="span" size="sm">
                        {each.name}
                      </Anchor>
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td>{roleNames[each.role] ?? each.role}</Table.Td>
                  <Table.Td ff="monospace">{each.password}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </Gate>
  );
}

const roleNames: Record<string, string> = {
  org_admin: "Org Admin",
  manager: "Manager",
  operator: "Operator",
  viewer: "Viewer",
};
