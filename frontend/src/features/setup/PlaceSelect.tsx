import { type ComboboxItem, type OptionsFilter, Select } from "@mantine/core";

/** The choice that makes a missing place or stage. */
const makeNew = "\u0000new";

interface PlaceSelectProps {
  label: string;
  value: string;
  options: ComboboxItem[];
  onChange: (id: string) => void;
  placeholder?: string;
  error?: string;
  required?: boolean;
  readOnly: boolean;
  /** Can be cleared. */
  clearable?: boolean;
  /** "New sub process …", for people who may make one; choosing it calls onMake. */
  makeLabel?: string;
  onMake?: () => void;
}

// The choice that makes something new is offered whatever was typed.
const keepMaking: OptionsFilter = ({ options, search, limit }) => {
  const term = search.trim().toLocaleLowerCase();
  return (options as ComboboxItem[])
    .filter((option) => option.value === makeNew || option.label.toLocaleLowerCase().includes(term))
    .slice(0, limit);
};

/** One of the dependent selectors of Process Configuration (A20 to A23). */
export function PlaceSelect(props: PlaceSelectProps) {
  const { options, makeLabel, onMake, onChange, value } = props;
  const making = makeLabel && onMake && !props.readOnly ? [{ value: makeNew, label: makeLabel }] : [];
  const shown = options.find((option) => option.value === value);
  return (
    <Select
      label={props.label}
      data={[...options, ...making]}
      value={shown ? value : null}
      placeholder={props.placeholder}
      error={props.error}
      withAsterisk={props.required}
      readOnly={props.readOnly}
      clearable={props.clearable && !props.readOnly}
      clearButtonProps={{ "aria-label": `Clear ${props.label}` }}
      allowDeselect={false}
      searchable
      openOnFocus={false}
      limit={200}
      filter={keepMaking}
      nothingFoundMessage="Nothing is called that."
      maxDropdownHeight={280}
      comboboxProps={{ transitionProps: { duration: 0 } }}
      onChange={(next) => (next === makeNew ? onMake?.() : onChange(next ?? ""))}
    />
  );
}
