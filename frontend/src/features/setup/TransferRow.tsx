import { Radio } from "@mantine/core";
import { channelLabels } from "../../shell/channels";
import { BidiSafe } from "../../ui";
import { TlsOff } from "./columns";
import styles from "./Transfer.module.css";
import { canTake, type PreviewRow } from "./TransferChoices";

interface TransferRowProps {
  row: PreviewRow;
  taken: boolean;
  onTake: (taken: boolean) => void;
}

/** One setup of a file: what it is, what importing it would do, and whether to import it. */
export function TransferRow({ row, taken, onTake }: TransferRowProps) {
  const verb = row.state === "here" ? "Replace" : "Import";
  return (
    <tr data-skipped={!taken || undefined}>
      <td>
        <strong>
          <BidiSafe text={row.title} />
        </strong>
        <div className={styles.where}>
          <BidiSafe text={[row.place, row.stage || "Every stage"].filter(Boolean).join(" / ")} />,{" "}
          {/* A file can name anything as a channel, even a member of Object.prototype. */}
          {Object.hasOwn(channelLabels, row.channel) ? channelLabels[row.channel] : <BidiSafe text={row.channel} />}
        </div>
        {row.tls_off && (
          <div className={styles.tls}>
            <TlsOff />
          </div>
        )}
      </td>
      <td>
        <What row={row} />
      </td>
      <td className={styles.choice}>
        {canTake(row) ? (
          <fieldset className={styles.choices}>
            <legend className="visually-hidden">What to do with {row.title}</legend>
            {["Skip", verb].map((word) => (
              <Radio
                key={word}
                size="xs"
                name={`row-${row.row}`}
                label={word}
                value={word}
                checked={taken === (word === verb)}
                onChange={() => onTake(word === verb)}
              />
            ))}
          </fieldset>
        ) : (
          <span className={styles.where}>Skipped</span>
        )}
      </td>
    </tr>
  );
}

function What({ row }: { row: PreviewRow }) {
  if (row.problems.length > 0) {
    return (
      <ul className={styles.lines}>
        {row.problems.map((problem) => (
          <li key={problem} className={styles.problem}>
            <BidiSafe text={problem} />
          </li>
        ))}
        <li className={styles.where}>Line {row.line.toLocaleString("en-US")} of the file</li>
      </ul>
    );
  }
  if (row.state === "same") return <span className={styles.where}>The same setup is already here.</span>;
  const secrets: [string, string[]][] = [
    ["Keeps stored", row.kept],
    ["To be typed afterwards", row.retype],
    ["Stored here and destroyed", row.gone],
  ];
  return (
    <ul className={styles.lines}>
      <li>{row.state === "here" ? <Replaces title={row.over_title} /> : "New."}</li>
      {secrets.map(
        ([words, names]) =>
          names.length > 0 && (
            <li key={words}>
              {words}: <BidiSafe text={names.join(", ")} />.
            </li>
          ),
      )}
      {row.off && <li>{row.over_on ? "Comes in switched off; the one here is on." : "Comes in switched off."}</li>}
      {row.notes.map((note) => (
        <li key={note}>
          <BidiSafe text={note} />
        </li>
      ))}
    </ul>
  );
}

function Replaces({ title }: { title: string }) {
  return (
    <>
      A setup is here already: “<BidiSafe text={title} />
      ”.
    </>
  );
}
