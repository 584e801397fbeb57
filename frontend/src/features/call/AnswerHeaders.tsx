import { BidiSafe } from "../../ui";
import styles from "./Call.module.css";

/** The headers in the order and spelling in which they were received. */
export function AnswerHeaders({ headers }: { headers: { name: string; value: string }[] }) {
  if (headers.length === 0) return <p className={styles.dimmed}>The answer has no headers.</p>;
  return (
    <table className={styles.headers} aria-label="Headers">
      <tbody>
        {headers.map(({ name, value }, index) => (
          <tr key={index}>
            <th scope="row">
              <BidiSafe text={name} />
            </th>
            <td>
              <BidiSafe text={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
