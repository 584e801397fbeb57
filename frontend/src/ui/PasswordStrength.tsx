import { useEffect, useState } from "react";
import styles from "./PasswordStrength.module.css";

const words = ["Very weak", "Weak", "Fair", "Good", "Strong"] as const;

export interface Strength {
  /** 0 to 4. */
  score: number;
  /** What would make it better; empty when it is good. */
  advice: string;
}

interface PasswordStrengthProps {
  password: string;
  /** Words that make a password weak here, such as the names of the user and the organisation. */
  known?: string[];
}

/** Says how hard a password is to guess. It only advises; the rule is in Go. */
export function PasswordStrength({ password, known = [] }: PasswordStrengthProps) {
  const [strength, setStrength] = useState<Strength | null>(null);
  const knownWords = known.join("\n");

  useEffect(() => {
    if (!password) {
      setStrength(null);
      return;
    }
    let wanted = true;
    // Loaded when first needed, since the word lists are larger than the rest of the page.
    const timer = setTimeout(async () => {
      const { measure } = await import("./passwordMeasure");
      const measured = measure(password, knownWords.split("\n").filter(Boolean));
      if (wanted) setStrength(measured);
    }, 80);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [password, knownWords]);

  const score = strength?.score ?? -1;
  return (
    <div className={styles.strength} data-score={score}>
      <div className={styles.bar} aria-hidden>
        {words.slice(1).map((word, index) => (
          <span key={word} data-on={score > index || undefined} />
        ))}
      </div>
      <p className={styles.words} role="status">
        {strength ? `${words[strength.score] ?? ""}${strength.advice ? `. ${strength.advice}` : ""}` : ""}
      </p>
    </div>
  );
}
