import { NumberInput, SegmentedControl } from "@mantine/core";
import { useSession } from "../../bridge/session";
import { Note } from "../../ui";
import styles from "./ApiKey.module.css";
import { DayInput } from "./DayInput";
import { addDays, dayOf, dayText, isLong, lastDayOf, type TermDraft } from "./term";

interface ExpiryFieldProps {
  term: TermDraft;
  onChange: (term: TermDraft) => void;
  error?: string;
  /** What *Keep* keeps, such as "until 26 February 2027", where a key has an end already. */
  kept?: string;
}

/** When a key expires (C09 to C11). No end, or one after more than a year, is for Org Admins. */
export function ExpiryField({ term, onChange, error, kept }: ExpiryFieldProps) {
  const { time_zone, user } = useSession();
  const today = dayOf(new Date(), time_zone);
  const last = lastDayOf(term, today);
  const choices: { value: TermDraft["choice"]; label: string }[] = [
    ...(kept !== undefined ? [{ value: "keep" as const, label: "As it is" }] : []),
    { value: "30", label: "30 days" },
    { value: "60", label: "60 days" },
    { value: "90", label: "90 days" },
    { value: "days", label: "Custom days" },
    { value: "date", label: "Custom date" },
    ...(user.is_org_admin ? [{ value: "never" as const, label: "Never" }] : []),
  ];
  const says =
    term.choice === "keep"
      ? kept
      : term.choice === "never"
        ? "It never expires."
        : last && !Number.isNaN(Date.parse(last))
          ? `The last day is ${dayText(last)}.`
          : "";
  return (
    <fieldset className={styles.part}>
      <legend className={styles.legend}>Expiration</legend>
      <SegmentedControl
        aria-label="Expiration"
        size="xs"
        fullWidth
        data={choices}
        value={term.choice}
        onChange={(choice) => onChange({ ...term, choice: choice as TermDraft["choice"] })}
      />
      {term.choice === "days" && (
        <NumberInput
          className={styles.inset}
          label="Days"
          w="10rem"
          min={1}
          max={36_500}
          allowDecimal={false}
          allowNegative={false}
          value={term.days}
          onChange={(days) => onChange({ ...term, days: String(days) })}
        />
      )}
      {term.choice === "date" && (
        <DayInput
          className={styles.inset}
          label="Last day"
          first={today}
          last={user.is_org_admin ? undefined : addDays(today, 365)}
          value={term.date}
          onChange={(date) => onChange({ ...term, date })}
        />
      )}
      {error ? (
        <p className={styles.problem} role="alert">
          {error}
        </p>
      ) : (
        <p className={styles.dimmed} style={{ minHeight: "1.25rem", marginTop: "0.25rem" }} role="status">
          {says}
        </p>
      )}
      {user.is_org_admin && isLong(term, today) && (
        <Note tone="amber" alert={false}>
          {term.choice === "never"
            ? "A key without an end works until somebody revokes it, also when nobody remembers it. Keys to review lists it."
            : "This is more than a year. The longer a key is used, the more places it is written down in."}
        </Note>
      )}
    </fieldset>
  );
}
