import { Button, Group, PasswordInput, Text } from "@mantine/core";
import { type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { user } from "../bridge/api";
import { type Fault, faultOf, fieldErrors } from "../bridge/fault";
import { ask, type Input, type Operation, type Plain, type WriteOptions, write } from "../bridge/query";
import { Modal } from "../ui/Dialogs";
import { useCountdown } from "./useCountdown";

type WithPassword = <Out>(call: () => Promise<Out>) => Promise<Out>;

const WithPasswordContext = createContext<WithPassword | null>(null);

/** Asks for the password, at most one question at a time. Mounted by the shell. */
export function PasswordProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<{ why: string; nr: number } | null>(null);
  const count = useRef(0);
  const answer = useRef<(confirmed: boolean) => void>(() => {});

  const withPassword = useCallback<WithPassword>(async (call) => {
    try {
      return await call();
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault.code !== "access.password_needed") throw fault;
      answer.current(false);
      setAsked({ why: fault.message, nr: ++count.current });
      const confirmed = await new Promise<boolean>((resolve) => {
        answer.current = resolve;
      });
      if (!confirmed) throw fault;
      return call();
    }
  }, []);
  const settle = (confirmed: boolean) => {
    setAsked(null);
    answer.current(confirmed);
    answer.current = () => {};
  };

  return (
    <WithPasswordContext.Provider value={withPassword}>
      {children}
      {asked && (
        <Modal
          key={asked.nr}
          opened
          onClose={() => settle(false)}
          title={<strong>Your password</strong>}
          withCloseButton={false}
        >
          <Question why={asked.why} onCancel={() => settle(false)} onConfirmed={() => settle(true)} />
        </Modal>
      )}
    </WithPasswordContext.Provider>
  );
}

function Question({ why, onCancel, onConfirmed }: { why: string; onCancel: () => void; onConfirmed: () => void }) {
  const [password, setPassword] = useState("");
  // Confirming changes nothing that was read.
  const confirm = useMutation(write(user.ConfirmPassword, { refreshes: [] }));
  const wait = useCountdown(confirm.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (wait.left > 0 || confirm.isPending) return;
        confirm.mutate(
          { password },
          {
            onSuccess: onConfirmed,
            onError: (cause) => {
              // A password typed meanwhile stays.
              setPassword((now) => (now === password ? "" : now));
              // The window has been locked meanwhile, and nothing can be confirmed behind the lock.
              if (cause.kind === "unauthenticated") onCancel();
            },
          },
        );
      }}
    >
      <Text mb="sm">{why}</Text>
      <PasswordInput
        label="Password"
        data-autofocus
        autoComplete="off"
        value={password}
        error={fieldErrors(confirm.error).password ?? (wait.left > 0 ? wait.text : textOf(confirm.error))}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={confirm.isPending} disabled={wait.left > 0}>
          Continue
        </Button>
      </Group>
    </form>
  );
}

function textOf(fault: Fault | null): string | undefined {
  // After the wait another try is allowed, so there is nothing to say.
  return fault && fault.code !== "user.wait" ? `${fault.message} ${fault.hint}`.trim() : undefined;
}

/**
 * For calls that need a fresh password (fault `access.password_needed`): asks for the password and calls again.
 *
 *     const withPassword = useWithPassword();
 *     await withPassword(() => ask(user.CreateRole, input));
 *
 * When the person cancels, it rejects with that fault (wasGivenUp). For a mutation use useConfirmed.
 */
export function useWithPassword(): WithPassword {
  const withPassword = useContext(WithPasswordContext);
  if (!withPassword) throw new Error("useWithPassword needs the PasswordProvider of the shell");
  return withPassword;
}

/** The options of a mutation that may need a fresh password. */
export function useConfirmed<In, Out>(
  operation: Operation<In, Out>,
  options: WriteOptions = {},
): UseMutationOptions<Plain<Out>, Fault, NoInfer<Input<In>>> {
  const withPassword = useWithPassword();
  return {
    ...write(operation, options),
    mutationFn: (input) => withPassword(() => ask(operation, input)),
  };
}

/** Whether the person cancelled the question for their password: nothing went wrong, and nothing was done. */
export function wasGivenUp(fault: Fault | null): boolean {
  return fault?.code === "access.password_needed";
}
