import { Input, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { user } from "../bridge/api";
import { faultOf } from "../bridge/fault";
import { sessionScope, write } from "../bridge/query";
import { type Appearance, showAppearance, useAppearance } from "./appearance";
import { FaultNote } from "./FaultNote";

const schemes = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

const sizes = [90, 100, 112, 125].map((percent) => ({ value: String(percent), label: `${percent} %` }));

/** Light or dark and the size of text, for the person alone. What is chosen is shown at once and kept. */
export function AppearanceFields() {
  const shown = useAppearance();
  const kept = useRef<Appearance>(shown);
  const client = useQueryClient();
  const saving = write(user.SetAppearance, { refreshes: [sessionScope] });
  const save = useMutation({
    ...saving,
    // One after the other, so that the last choice is the one that stays.
    scope: { id: user.SetAppearance.name },
    onSuccess: (answer) => {
      kept.current = answer;
    },
    onSettled: () => {
      if (client.isMutating({ mutationKey: saving.mutationKey }) === 1) showAppearance(kept.current);
    },
  });
  const choose = (part: Partial<Appearance>) => {
    const next = { ...shown, ...part };
    showAppearance(next);
    save.mutate(next);
  };
  return (
    <Stack gap="lg">
      {save.error && <FaultNote fault={faultOf(save.error)} />}
      <Input.Wrapper label="Light or dark" labelElement="div">
        <div>
          <SegmentedControl
            aria-label="Light or dark"
            data={schemes}
            value={shown.scheme}
            onChange={(scheme) => choose({ scheme })}
          />
        </div>
      </Input.Wrapper>
      <Input.Wrapper label="Text size" labelElement="div">
        <div>
          <SegmentedControl
            aria-label="Text size"
            data={sizes}
            value={String(shown.text_size)}
            onChange={(size) => choose({ text_size: Number(size) })}
          />
        </div>
      </Input.Wrapper>
      <Text size="xs" c="dimmed">
        For you alone, whenever you sign in. The screens before a sign-in look as they did for who was here last.
      </Text>
    </Stack>
  );
}
