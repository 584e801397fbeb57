import { Button, Group, Select, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { process } from "../../bridge/api";
import { type Fault, fieldErrors } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { Modal } from "../../ui";
import type { Field } from "./draft";
import { choices } from "./words";

/** What to make, and where. */
export type Making =
  | { kind: "place"; parentId: string; word: string; under: string }
  | { kind: "stage"; placeId: string; under: string }
  | { kind: "field"; stageId: string; under: string };

/** Opens the dialog that makes it. The dialog has a form, so it is drawn beside the setup's form and not in it. */
export type Make = (making: Making, onMade: MakeInPlaceProps["onMade"]) => void;

interface MakeInPlaceProps {
  making: Making;
  onClose: () => void;
  /** The id of a place or stage, the name of a field. */
  onMade: (made: string) => void;
}

const fieldTypes: Record<Field["type"], string> = {
  text: "Text",
  number: "Number",
  phone: "Phone",
  email: "E-mail",
  date: "Date",
  boolean: "Yes/No",
};

/** Makes a missing process, stage or field without leaving the form (A13). */
export function MakeInPlace({ making, onClose, onMade }: MakeInPlaceProps) {
  const [name, setName] = useState("");
  const [type, setType] = useState<Field["type"]>("text");
  const [sample, setSample] = useState("");
  const place = useMutation(write(process.CreatePlace));
  const stage = useMutation(write(process.CreateStage));
  const field = useMutation(write(process.CreateField));
  const fault: Fault | null = place.error ?? stage.error ?? field.error;
  const errors = fieldErrors(fault);
  const busy = place.isPending || stage.isPending || field.isPending;

  const make = () => {
    const done = (made: string) => {
      onMade(made);
      onClose();
    };
    if (making.kind === "place")
      place.mutate({ parent_id: making.parentId, name }, { onSuccess: (one) => done(one.id) });
    else if (making.kind === "stage")
      stage.mutate({ place_id: making.placeId, name }, { onSuccess: (one) => done(one.id) });
    else
      field.mutate(
        { stage_id: making.stageId, name, type, required: false, sample },
        { onSuccess: (one) => done(one.name) },
      );
  };

  const word = making.kind === "place" ? making.word : making.kind;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`New ${word}${making.under && ` in ${making.under}`}`}
      withCloseButton={false}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          dir="auto"
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {making.kind === "field" && (
          <>
            <Select
              mt="sm"
              label="Type"
              data={choices(fieldTypes)}
              value={type}
              allowDeselect={false}
              error={errors.type}
              onChange={(next) => setType(next ?? "text")}
            />
            <TextInput
              mt="sm"
              label="Sample value"
              description="A test starts with it."
              value={sample}
              dir="auto"
              error={errors.sample}
              onChange={(event) => setSample(event.currentTarget.value)}
            />
          </>
        )}
        {fault && Object.keys(errors).length === 0 && (
          <Text c="var(--mantine-color-error)" size="sm" mt="xs" role="alert">
            {fault.message} {fault.hint}
          </Text>
        )}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Add
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
