import { Textarea, TextInput, type TextInputProps } from "@mantine/core";
import type { Ref } from "react";
import { useLines } from "./lines";

interface LineInputProps extends Omit<TextInputProps, "value" | "onChange" | "onPaste"> {
  value: string;
  onChange: (value: string) => void;
}

/** An input of one line that becomes a text area for a text of several, so that its line ends stay. */
export function LineInput({ value, onChange, ...rest }: LineInputProps) {
  const lines = useLines(value, onChange);
  const shared = { ...(rest as object), value: lines.shown, onChange: lines.onChange, onPaste: lines.onPaste };
  if (lines.many) return <Textarea {...shared} ref={lines.field as Ref<HTMLTextAreaElement>} rows={lines.rows} />;
  return <TextInput {...shared} ref={lines.field as Ref<HTMLInputElement>} />;
}
