import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { office } from "../../bridge/api";
import { write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { Waiting } from "../../ui";
import { Gate } from "./Gate";
import { Trouble } from "./Trouble";

/** Until the data key is open there is only this: with the keyring, the passphrase or the recovery code. */
export default function Unlock() {
  const { secrets } = useSession();
  const byPassphrase = secrets.protection === "passphrase";
  const [passphrase, setPassphrase] = useState("");
  const [code, setCode] = useState("");
  const unlock = useMutation(write("session.unlock_secrets", office.Unlock, { long: true }));
  const open = (recovery_code: string, phrase: string) => unlock.mutate({ recovery_code, passphrase: phrase });
  return (
    <Gate
      title="Unlock the secrets"
      text={
        byPassphrase
          ? "The secrets of this office are sealed under a passphrase."
          : `The secrets of this office are kept in ${secrets.keyring || "the system keyring"}.`
      }
    >
      <Stack gap="lg">
        {!byPassphrase && (
          <>
            <Alert color="yellow" variant="light">
              {secrets.message} {secrets.hint}
            </Alert>
            <Button loading={unlock.isPending && !code} onClick={() => open("", "")}>
              Try the keyring again
            </Button>
          </>
        )}
        {byPassphrase && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              open("", passphrase);
            }}
          >
            <Stack gap="md">
              <PasswordInput
                label="Passphrase"
                autoFocus
                autoComplete="off"
                value={passphrase}
                onChange={(event) => setPassphrase(event.currentTarget.value)}
              />
              <Button type="submit" loading={unlock.isPending && passphrase !== ""} disabled={passphrase === ""}>
                Unlock
              </Button>
            </Stack>
          </form>
        )}
        <Trouble cause={unlock.error} />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            open(code, "");
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Recovery code"
              description="The code that was printed or saved when this office was set up."
              autoComplete="off"
              ff="monospace"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={unlock.isPending && code !== ""} disabled={code === ""}>
              Unlock with the recovery code
            </Button>
          </Stack>
        </form>
        {unlock.isPending && <Waiting what="Opening the secrets; the keyring may ask for its own password" />}
      </Stack>
    </Gate>
  );
}
