import { Button, Group, Text } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { Modal } from "./Dialogs";

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
  onYes: () => void;
  onNo: () => void;
}

/** Asks one question with two verbs. Escape and a click outside mean no; the safe answer has the focus. */
function Confirm({ question, consequence, yes, no, danger = false, onYes, onNo }: ConfirmProps) {
  return (
    <Modal opened onClose={onNo} title={<strong>{question}</strong>} withCloseButton={false} size="md">
      {consequence && <Text component="div">{consequence}</Text>}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onNo} data-autofocus>
          {no}
        </Button>
        <Button color={danger ? "red.8" : undefined} onClick={onYes}>
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
  const [asked, setAsked] = useState<(Question & { nr: number }) | null>(null);
  const answer = useRef<(yes: boolean) => void>(() => {});
  const count = useRef(0);

  const ask = useCallback<Ask>((question) => {
    // A second question answers the first with no, so that nothing waits forever.
    answer.current(false);
    setAsked({ ...question, nr: ++count.current });
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const settle = (yes: boolean) => {
    setAsked(null);
    answer.current(yes);
    answer.current = () => {};
  };

  return (
    <AskContext.Provider value={ask}>
      {children}
      {asked && <Confirm key={asked.nr} {...asked} onYes={() => settle(true)} onNo={() => settle(false)} />}
    </AskContext.Provider>
  );
}

/** `if (await ask({ question, yes: "Delete", no: "Keep", danger: true })) ...` */
export function useConfirm(): Ask {
  const ask = useContext(AskContext);
  if (!ask) throw new Error("useConfirm needs the ConfirmProvider of the shell");
  return ask;
}
