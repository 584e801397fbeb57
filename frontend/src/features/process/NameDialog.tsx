import { Button, Group, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { process } from "../../bridge/api";
import { fieldErrors } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { Modal } from "../../ui";
import { levelWord, type Place } from "./words";

/** What to create, and where. */
export type Naming = { kind: "place"; parent: Place | null } | { kind: "stage"; place: Place };

interface NameDialogProps {
  naming: Naming;
  onClose: () => void;
  onMade: (id: string) => void;
}

const examples = ["Orders", "Delivery", "Home delivery"];

/** Asks for the name of a new place or stage. */
export function NameDialog({ naming, onClose, onMade }: NameDialogProps) {
  const [name, setName] = useState("");
  const place = useMutation(write(process.CreatePlace));
  const stage = useMutation(write(process.CreateStage));
  const fault = place.error ?? stage.error;
  const errors = fieldErrors(fault);

  const parent = naming.kind === "place" ? naming.parent : naming.place;
  const level = naming.kind === "place" ? (parent?.level ?? 0) + 1 : 0;
  const word = naming.kind === "place" ? levelWord(level) : "stage";
  const example = naming.kind === "place" ? examples[level - 1] : "Shipped";

  const make = () => {
    const done = {
      onSuccess: (made: { id: string }) => {
        onMade(made.id);
        onClose();
      },
    };
    if (naming.kind === "place") place.mutate({ parent_id: parent?.id ?? "", name }, done);
    else stage.mutate({ place_id: naming.place.id, name }, done);
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      title={
        <strong>
          New {word}
          {parent && ` in ${parent.name}`}
        </strong>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!place.isPending && !stage.isPending) make();
        }}
      >
        <TextInput
          label="Name"
          placeholder={`Such as ${example}`}
          data-autofocus
          dir="auto"
          maxLength={200}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {fault && !errors.name && <FaultNote fault={fault} />}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={place.isPending || stage.isPending}>
            {naming.kind === "place" ? `Create ${word}` : "Add stage"}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
