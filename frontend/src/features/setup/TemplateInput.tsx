import { ActionIcon, Combobox, Menu, Textarea, TextInput, type TextInputProps, useCombobox } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { type KeyboardEvent, type Ref, useState } from "react";
import { editedLines, useLines } from "../../ui";
import styles from "./Setup.module.css";
import { formats, type Offer, openTemplate, useOffers } from "./Templates";

interface TemplateInputProps extends Omit<TextInputProps, "value" | "onChange"> {
  value: string;
  onChange: (value: string) => void;
  /** Whether it has room for more than one line. */
  lines?: number;
  /** Shows a button that lists what can be inserted, for people who have never seen `{{`. */
  insert?: boolean;
}

/** A line of text in which `{{` offers the stage's fields and the variables there are (R2). */
export function TemplateInput({ value, onChange, lines, insert, ...rest }: TemplateInputProps) {
  const kept = useLines(value, (text) => typed(text), lines !== undefined);
  const input = kept.field;
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
    const caret = field.selectionStart ?? kept.shown.length;
    const rest = kept.shown.slice(caret).replace(/^\}\}/, "");
    const before = `${kept.shown.slice(0, open.start)}${choice.name}}}`;
    setOpen(null);
    onChange(editedLines(value, before + rest));
    // After the text, so that the row is added to a draft that contains it.
    choice.add?.();
    // After the value is rendered, or the caret would jump to its end.
    requestAnimationFrame(() => field.setSelectionRange(before.length, before.length));
  };
  const put = (offer: Offer) => {
    const caret = input.current?.selectionStart ?? kept.shown.length;
    onChange(editedLines(value, `${kept.shown.slice(0, caret)}{{${offer.name}}}${kept.shown.slice(caret)}`));
    offer.add?.();
    requestAnimationFrame(() => input.current?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !opened) return;
    event.preventDefault();
    event.stopPropagation();
    setOpen(null);
  };

  const typed = (text: string) => {
    onChange(text);
    look();
  };
  const shared = {
    value: kept.shown,
    dir: "auto" as const,
    spellCheck: false,
    autoComplete: "off",
    maxLength: 100_000,
    classNames: { input: "mono" },
    rightSection:
      insert && !rest.readOnly ? <InsertButton name={rest["aria-label"] ?? rest.label} onInsert={put} /> : null,
    ...(rest as object),
    onKeyDown,
    onChange: kept.onChange,
    onPaste: kept.onPaste,
    onClick: look,
    onBlur: () => setOpen(null),
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
        {kept.many ? (
          <Textarea {...shared} ref={input as Ref<HTMLTextAreaElement>} rows={lines ?? kept.rows} />
        ) : (
          <TextInput {...shared} ref={input as Ref<HTMLInputElement>} />
        )}
      </Combobox.Target>
      {opened && (
        <Combobox.Dropdown>
          <Combobox.Options className={styles.offers} aria-label="What can be inserted">
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

/** Lists the stage's fields and the variables, to be inserted at the caret. */
function InsertButton({ name, onInsert }: { name: unknown; onInsert: (offer: Offer) => void }) {
  const offers = useOffers().filter((offer) => !offer.name.startsWith("$"));
  const label = `Insert a stage field${typeof name === "string" ? `: ${name}` : ""}`;
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label} title="Insert a stage field">
          <IconBraces size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={styles.offers}>
        {offers.length === 0 && <Menu.Label>Choose a process and stage first.</Menu.Label>}
        {offers.map((offer) => (
          <Menu.Item key={offer.label} onClick={() => onInsert(offer)}>
            {offer.label} <span className={styles.note}>{offer.add ? "stage field" : offer.note}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function choicesFor(open: NonNullable<ReturnType<typeof openTemplate>>, offers: ReturnType<typeof useOffers>) {
  const term = open.typed.trim().toLowerCase();
  const all = open.format ? formats.map(({ name, note }) => ({ label: name, note, name, add: undefined })) : offers;
  return all.filter((each) => each.label.toLowerCase().includes(term)).slice(0, 50);
}
