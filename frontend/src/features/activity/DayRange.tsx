import "@mantine/dates/styles.css";
import { DatePickerInput } from "@mantine/dates";
import { useId, useState } from "react";
import { calendarLooks } from "../../ui/calendar";

interface DayRangeProps {
  /** YYYY-MM-DD, or empty for no end. */
  from: string;
  until: string;
  onChange: (from: string, until: string) => void;
}

/** A range of days; both ends are part of it. */
export function DayRange({ from, until, onChange }: DayRangeProps) {
  // The calendar is named after the input, so both have to go by one id.
  const id = useId();
  // The first day of a range after the first click; the list changes only after the second.
  const [half, setHalf] = useState<string | null>(null);
  return (
    <DatePickerInput
      id={id}
      type="range"
      placeholder="Dates: any"
      w="14rem"
      allowSingleDateInRange
      clearable
      clearButtonProps={{ "aria-label": "Clear dates" }}
      valueFormat="D MMM YYYY"
      maxDate={new Date()}
      {...calendarLooks}
      value={half ? [half, null] : [from || null, until || null]}
      onChange={([first, last]) => {
        if (first && !last) {
          setHalf(first);
          return;
        }
        setHalf(null);
        onChange(first ?? "", last ?? "");
      }}
      popoverProps={{ id, transitionProps: { duration: 0 }, onClose: () => setHalf(null) }}
    />
  );
}
