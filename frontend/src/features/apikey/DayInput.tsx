import "@mantine/dates/styles.css";
import { DatePickerInput } from "@mantine/dates";
import { useId } from "react";
import { calendarLooks } from "../../ui/calendar";

interface DayInputProps {
  label: string;
  /** YYYY-MM-DD, or empty. */
  value: string;
  /** The first and the last day that can be chosen. */
  first: string;
  last?: string;
  error?: string;
  className?: string;
  onChange: (day: string) => void;
}

/** A day, chosen in a calendar. */
export function DayInput({ label, value, first, last, error, className, onChange }: DayInputProps) {
  // The calendar is named after the input, so both have to go by one id.
  const id = useId();
  return (
    <DatePickerInput
      id={id}
      className={className}
      label={label}
      placeholder="Choose a day"
      w="14rem"
      valueFormat="D MMM YYYY"
      minDate={first}
      maxDate={last}
      {...calendarLooks}
      value={value || null}
      error={error}
      popoverProps={{ id, transitionProps: { duration: 0 } }}
      onChange={(day) => onChange(day ?? "")}
    />
  );
}
