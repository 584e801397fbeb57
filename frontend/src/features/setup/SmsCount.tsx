import type { model } from "../../bridge/api";
import type { Plain } from "../../bridge/query";
import styles from "./Setup.module.css";

/** How many SMS the text is billed as with the sample values, counted while one types. */
export function SmsCount({ count }: { count: Plain<model.sms.Count> }) {
  if (count.segments === 0) return <p className={styles.counted}>With the sample values: no text yet.</p>;
  const many = count.segments > 1;
  return (
    <p className={many ? styles.advice : styles.counted} role="status">
      With the sample values: {count.segments} SMS, {count.left} {count.left === 1 ? "character" : "characters"} left
      {many && `. It is billed as ${count.segments} messages`}.{" "}
      {count.alphabet === "ucs2" && (
        <>
          {count.odd.map((each) => (/\s/.test(each) ? "a tab" : each)).join(" ")}{" "}
          {count.odd.length === 1 ? "is" : "are"} not in the SMS alphabet, so one SMS holds 70 characters and not 160.
        </>
      )}
    </p>
  );
}
