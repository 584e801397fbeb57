import styles from "./BidiSafe.module.css";
import { cutAtDeceptive } from "./text";

/**
 * Text from outside, isolated so that it cannot reorder the text around it. Characters that change the direction of
 * text or are invisible are shown as escapes.
 */
export function BidiSafe({ text }: { text: string }) {
  let at = 0;
  return (
    <bdi>
      {cutAtDeceptive(text).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.escaped ? (
          <span key={key} className={styles.escape} title="An invisible character">
            {piece.text}
          </span>
        ) : (
          piece.text
        );
      })}
    </bdi>
  );
}
