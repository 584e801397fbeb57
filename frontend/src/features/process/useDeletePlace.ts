import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { process } from "../../bridge/api";
import type { Fault } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { useConfirm } from "../../ui";
import { below, stagesAt } from "./tree";
import { counted, levelWord, named, type Place, type Tree } from "./words";

interface Deleting {
  ask: (place: Place) => Promise<void>;
  /** Why the last deletion was refused; with links to the setups that use the place (A09). */
  fault: Fault | null;
  clear: () => void;
}

/** Deletes a place after a question that says what else is deleted. onGone gets the place and all places below it. */
export function useDeletePlace(tree: Tree | undefined, onGone: (gone: Place[]) => void): Deleting {
  const confirm = useConfirm();
  const [fault, setFault] = useState<Fault | null>(null);
  const { mutateAsync } = useMutation(write(process.DeletePlace));

  const ask = async (place: Place) => {
    if (!tree) return;
    setFault(null);
    const gone = below(tree, place.id);
    const yes = await confirm({
      question: `Delete “${place.name}”?`,
      consequence: consequenceOf(tree, place, gone),
      yes: "Delete",
      no: "Keep",
      danger: true,
    });
    if (!yes) return;
    try {
      await mutateAsync({ id: place.id, version: place.version });
      notifications.show({ message: `Deleted “${place.name}”.` });
      onGone([place, ...gone]);
    } catch (cause) {
      setFault(cause as Fault);
    }
  };
  return { ask, fault, clear: () => setFault(null) };
}

/** "This also deletes 1 Sub Process (Delivery), and 3 stages (Placed, Packed, Shipped) with their fields." */
export function consequenceOf(tree: Tree, place: Place, gone: Place[]): string {
  const stages = stagesAt(tree, [place.id, ...gone.map((each) => each.id)]).map((stage) => stage.name);
  const parts: string[] = [];
  for (const level of [2, 3]) {
    const names = gone.filter((each) => each.level === level).map((each) => each.name);
    const word = levelWord(level);
    if (names.length > 0) parts.push(`${counted(names.length, word, `${word}es`)} (${named(names)})`);
  }
  if (stages.length > 0) parts.push(`${counted(stages.length, "stage")} (${named(stages)}) with their fields`);
  if (parts.length === 0) return "Nothing else is deleted.";
  return `This also deletes ${parts.join(", and ")}.`;
}
