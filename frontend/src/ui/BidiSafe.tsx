import styles from "./BidiSafe.module.css";
import { cutAtDeceptive } from "./text";

/** A longer line would keep the window busy for seconds; whole texts are shown by CodeView. */
const longestText = 2000;

/**
 * Text from outside, isolated so that it cannot reorder the text around it. Characters that change the direction of
 * text or are invisible are shown as escapes, and a very long text is cut.
 */
export function BidiSafe({ text }: { text: string }) {
  let at = 0;
  const left = text.length - longestText;
  const shown = left > 0 ? text.slice(0, longestText) : text;
  return (
    <bdi>
      {cutAtDeceptive(shown).map((piece) => {
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
      {left > 0 && <span className={styles.more}> … {left.toLocaleString("en-US")} more characters</span>}
    </bdi>
  );
}
