import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { organisation } from "../../bridge/api";
import { sessionScope, write } from "../../bridge/query";
import { useSession } from "../../bridge/session";
import { Note } from "../../ui/Note";
import { Waiting } from "../../ui/Waiting";
import { AuthLayout } from "./AuthLayout";
import styles from "./AuthLayout.module.css";
import { placed } from "./placed";
import { Trouble } from "./Trouble";

type Way = "keyring" | "passphrase" | "code";

/** Opens the data key with the keyring, the passphrase or the recovery code. Nothing else works before that. */
export default function Unlock() {
  const { secrets, organisation: name } = useSession();
  const byPassphrase = secrets.protection === "passphrase";
  const [typed, setTyped] = useState({ passphrase: "", code: "" });
  const [way, setWay] = useState<Way | null>(null);
  const unlock = useMutation(write(organisation.Unlock, { refreshes: [sessionScope] }));
  const errors = placed(unlock.error);
  const open = (by: Way) => {
    setWay(by);
    unlock.mutate({
      recovery_code: by === "code" ? typed.code : "",
      passphrase: by === "passphrase" ? typed.passphrase : "",
    });
  };
  const opening = (by: Way) => unlock.isPending && way === by;
  // The latest reason from the keyring.
  const reason = way === "keyring" && unlock.error ? unlock.error : secrets;

  return (
    <AuthLayout
      title={`Unlock ${name || "the office"}`}
      text={
        byPassphrase
          ? "The secrets of this office are sealed with a passphrase."
          : `The secrets of this office are kept in ${secrets.keyring || "the system keyring"}.`
      }
    >
      <Stack gap="lg">
        {byPassphrase ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!unlock.isPending) open("passphrase");
            }}
          >
            <Stack gap="md">
              <PasswordInput
                label="Passphrase"
                autoFocus
                autoComplete="off"
                value={typed.passphrase}
                error={errors.passphrase}
                onChange={(event) => setTyped({ ...typed, passphrase: event.currentTarget.value })}
              />
              <Button type="submit" loading={opening("passphrase")} disabled={typed.passphrase === ""}>
                Unlock
              </Button>
            </Stack>
          </form>
        ) : (
          <>
            <Note tone="amber">
              <strong>{reason.message}</strong> {reason.hint}
            </Note>
            <Button loading={opening("keyring")} onClick={() => open("keyring")}>
              Try the keyring again
            </Button>
          </>
        )}
        {way !== "keyring" && <Trouble cause={unlock.error} unlessAt={["code", "passphrase"]} />}
        {unlock.isPending && way === "keyring" && (
          <Waiting
            what="Waiting for the keyring; it may ask for its password in a window"
            onCancel={() => unlock.reset()}
          />
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!unlock.isPending) open("code");
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Recovery code"
              description={
                byPassphrase
                  ? "If the passphrase is lost: the code you noted when this office was set up."
                  : "If the keyring is lost: the code you noted when this office was set up."
              }
              autoComplete="off"
              spellCheck={false}
              className={styles.typed}
              value={typed.code}
              error={errors.code}
              onChange={(event) => setTyped({ ...typed, code: event.currentTarget.value })}
            />
            <Button type="submit" variant="default" loading={opening("code")} disabled={typed.code === ""}>
              Unlock with the recovery code
            </Button>
          </Stack>
        </form>
      </Stack>
    </AuthLayout>
  );
}
