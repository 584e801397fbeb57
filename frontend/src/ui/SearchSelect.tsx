import { Select, type SelectProps } from "@mantine/core";

/** A dropdown of many entries: what is chosen is selected on arrival, so that typing searches anew. */
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
