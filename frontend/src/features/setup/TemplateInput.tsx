import { Combobox, TextInput, type TextInputProps, useCombobox } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import styles from "./Setup.module.css";
import { formats, openTemplate, useOffers } from "./Templates";

interface TemplateInputProps extends Omit<TextInputProps, "value" | "onChange"> {
  value: string;
  onChange: (value: string) => void;
}

/** A line of text in which `{{` offers the stage's fields and the variables there are (R2). */
export function TemplateInput({ value, onChange, ...rest }: TemplateInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const offers = useOffers();
  const combobox = useCombobox();
  const [open, setOpen] = useState<ReturnType<typeof openTemplate>>(null);

  const choices = open ? choicesFor(open, offers) : [];
  const opened = choices.length > 0;

  const look = () => {
    const field = input.current;
    if (!field || field.readOnly) return;
    setOpen(openTemplate(field.value.slice(0, field.selectionStart ?? field.value.length)));
    combobox.selectFirstOption();
  };
  const take = (index: number) => {
    const choice = choices[index];
    const field = input.current;
    if (!choice || !open || !field) return;
    const caret = field.selectionStart ?? value.length;
    const rest = value.slice(caret).replace(/^\}\}/, "");
    const before = `${value.slice(0, open.start)}${choice.name}}}`;
    setOpen(null);
    onChange(before + rest);
    // After the text, so that the row is added to a draft that holds it.
    choice.add?.();
    // After the value is drawn, or the caret would jump to its end.
    requestAnimationFrame(() => field.setSelectionRange(before.length, before.length));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !opened) return;
    event.preventDefault();
    event.stopPropagation();
    setOpen(null);
  };

  return (
    <Combobox
      store={{ ...combobox, dropdownOpened: opened, openDropdown: () => {}, closeDropdown: () => setOpen(null) }}
      onOptionSubmit={(index) => take(Number(index))}
      transitionProps={{ duration: 0 }}
      width="max-content"
      position="bottom-start"
    >
      <Combobox.Target withKeyboardNavigation={opened} withAriaAttributes={opened}>
        <TextInput
          ref={input}
          value={value}
          dir="auto"
          spellCheck={false}
          autoComplete="off"
          maxLength={100_000}
          classNames={{ input: "mono" }}
          {...rest}
          onChange={(event) => {
            onChange(event.currentTarget.value);
            look();
          }}
          onKeyDown={onKeyDown}
          onClick={look}
          onBlur={() => setOpen(null)}
        />
      </Combobox.Target>
      {opened && (
        <Combobox.Dropdown>
          <Combobox.Options className={styles.offers} aria-label="What can stand here">
            {choices.map((choice, index) => (
              <Combobox.Option key={choice.label} value={String(index)}>
                <span className="mono">{choice.label}</span> <span className={styles.note}>{choice.note}</span>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      )}
    </Combobox>
  );
}

function choicesFor(open: NonNullable<ReturnType<typeof openTemplate>>, offers: ReturnType<typeof useOffers>) {
  const term = open.typed.trim().toLowerCase();
  const all = open.format ? formats.map(({ name, note }) => ({ label: name, note, name, add: undefined })) : offers;
  return all.filter((each) => each.label.toLowerCase().includes(term)).slice(0, 50);
}
