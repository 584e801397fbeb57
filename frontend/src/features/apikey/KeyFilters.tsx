import { CloseButton, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { apikey } from "../../bridge/api";
import { read } from "../../bridge/query";
import { keyStatusLabels } from "../../shell/KeyStatusBadge";
import styles from "./ApiKey.module.css";
import { daysOf, type ListState } from "./listState";

interface KeyFiltersProps {
  state: ListState;
  onChange: (part: Partial<ListState>) => void;
}

const days = (numbers: number[], word: string) =>
  numbers.map((each) => ({ value: String(each), label: `${word} ${each} days` }));

/** The filters of the list (E10); in *Keys to review* what counts as unused (E14). */
export function KeyFilters({ state, onChange }: KeyFiltersProps) {
  const creators = useQuery(read(apikey.Filters, undefined)).data?.creators ?? [];
  if (state.review) {
    return (
      <>
        <span className={styles.chip}>
          Keys to review
          <CloseButton size="xs" aria-label="Show all keys" onClick={() => onChange({ review: false, days: "" })} />
        </span>
        <Filter
          label="Counts as unused"
          width="11.5rem"
          value={String(daysOf(state))}
          data={days([30, 60, 90, 180, 365], "Unused for")}
          onChange={(next) => onChange({ days: next })}
        />
      </>
    );
  }
  return (
    <>
      <Filter
        label="Status"
        value={state.status}
        any
        data={Object.entries(keyStatusLabels).map(([value, label]) => ({ value, label }))}
        onChange={(status) => onChange({ status })}
      />
      <Filter
        label="Made by"
        value={state.creator}
        any
        data={creators.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(creator) => onChange({ creator })}
      />
      <Filter
        label="Unused for"
        value={state.unused}
        any
        data={days([30, 60, 90, 180, 365], "Unused for")}
        onChange={(unused) => onChange({ unused })}
      />
      <Filter
        label="Expires in"
        value={state.expiring}
        any
        data={days([7, 14, 30, 90], "Within")}
        onChange={(expiring) => onChange({ expiring })}
      />
    </>
  );
}

interface FilterProps {
  label: string;
  value: string;
  data: { value: string; label: string }[];
  /** The first choice does not filter. */
  any?: boolean;
  width?: string;
  onChange: (value: string) => void;
}

function Filter({ label, value, data, any = false, width = "10.5rem", onChange }: FilterProps) {
  return (
    <Select
      aria-label={label}
      w={width}
      value={value}
      data={any ? [{ value: "", label: `${label}: any` }, ...data] : data}
      allowDeselect={false}
      onChange={(next) => onChange(next ?? "")}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
