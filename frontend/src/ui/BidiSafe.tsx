import styles from "./BidiSafe.module.css";
import { cutAtDeceptive } from "./text";

/**
 * Text from outside, kept from rearranging what stands around it. Characters that turn the direction or cannot be
 * seen are shown as escapes.
 */
export function BidiSafe({ text }: { text: string }) {
  let at = 0;
  return (
    <bdi>
      {cutAtDeceptive(text).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.escaped ? (
          <span key={key} className={styles.escape} title="A character that cannot be seen">
            {piece.text}
          </span>
        ) : (
          piece.text
        );
      })}
    </bdi>
  );
}
