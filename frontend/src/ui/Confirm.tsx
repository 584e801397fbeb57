import { Button, Group, Modal, Text } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { useTopEscape } from "./useTopEscape";

export interface Question {
  /** 'Delete "Order shipped, SMS"?' */
  question: string;
  /** What follows from it: "The stage Shipped will have no SMS setup. 214 calls stay in the history." */
  consequence?: ReactNode;
  /** The verb that does it: "Delete". */
  yes: string;
  /** The verb that leaves things as they are: "Keep". */
  no: string;
  danger?: boolean;
}

interface ConfirmProps extends Question {
  opened: boolean;
  onYes: () => void;
  onNo: () => void;
  busy?: boolean;
}

/** Asks one question with two verbs. Escape and a click outside mean no; the safe answer has the focus. */
export function Confirm({ opened, question, consequence, yes, no, danger = false, onYes, onNo, busy }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={onNo} title={<strong>{question}</strong>} withCloseButton={false} size="md">
      {consequence && <Text component="div">{consequence}</Text>}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onNo} data-autofocus>
          {no}
        </Button>
        <Button color={danger ? "red.8" : undefined} loading={busy} onClick={onYes}>
          {yes}
        </Button>
      </Group>
    </Modal>
  );
}

type Ask = (question: Question) => Promise<boolean>;

const AskContext = createContext<Ask | null>(null);

/** Shows questions, one at a time. Mounted by the shell. */
export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Question | null>(null);
  const [opened, setOpened] = useState(false);
  const answer = useRef<(yes: boolean) => void>(() => {});

  const before = useRef<Element | null>(null);
  const ask = useCallback<Ask>((question) => {
    // A second question answers the first with no, so that nothing waits forever.
    answer.current(false);
    before.current = document.activeElement;
    setAsked(question);
    setOpened(true);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const settle = useMemo(
    () => (yes: boolean) => {
      setOpened(false);
      answer.current(yes);
      answer.current = () => {};
      // Mantine does not give the focus back for the first question, which is open when it is mounted.
      const last = document.activeElement;
      setTimeout(() => {
        const now = document.activeElement;
        const free = now === null || now === document.body || now === last;
        if (free && before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
      });
    },
    [],
  );

  // Otherwise Escape would also close a drawer under the question.
  useTopEscape(opened, () => settle(false));

  return (
    <AskContext.Provider value={ask}>
      {children}
      {asked && <Confirm {...asked} opened={opened} onYes={() => settle(true)} onNo={() => settle(false)} />}
    </AskContext.Provider>
  );
}

/** `if (await ask({ question, yes: "Delete", no: "Keep", danger: true })) ...` */
export function useConfirm(): Ask {
  const ask = useContext(AskContext);
  if (!ask) throw new Error("useConfirm needs the ConfirmProvider of the shell");
  return ask;
}
