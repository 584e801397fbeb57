import { Select, type SelectProps } from "@mantine/core";

/** A dropdown with many entries. Its text is selected when it gets the focus, so that typing starts a new search. */
export function SearchSelect(props: SelectProps) {
  return (
    <Select
      searchable
      allowDeselect={false}
      onFocus={(event) => event.currentTarget.select()}
      onClick={(event) => event.currentTarget.select()}
      {...props}
    />
  );
}
