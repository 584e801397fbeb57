import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { model } from "../../bridge/api";
import type { Fault } from "../../bridge/fault";
import type { Plain } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { BidiSafe, Note } from "../../ui";
import styles from "./Transfer.module.css";
import {
  type Chosen,
  canTake,
  choicesOf,
  chosenAtFirst,
  counted,
  makesOf,
  type Preview,
  stateWords,
  treeWords,
  withHere,
  withRow,
} from "./TransferChoices";
import { TransferRow } from "./TransferRow";

interface TransferPreviewProps {
  /** The file's name; empty for one that was pasted. */
  file: string;
  preview: Preview;
  importing: boolean;
  fault: Fault | null;
  onBack: () => void;
  onLookAgain: () => void;
  onCancel: () => void;
  onImport: (rows: Plain<model.transfer.Choice>[]) => void;
}

/** Rows rendered at once: enough to scroll through, few enough to render quickly. */
const atOnce = 50;

/** What importing each setup of a file would do, with the choice for each. */
export function TransferPreview(props: TransferPreviewProps) {
  const { file, preview, importing, fault } = props;
  const [chosen, setChosen] = useState<Chosen>(() => chosenAtFirst(preview));
  const [shown, setShown] = useState(atOnce);
  const makes = makesOf(preview, chosen);
  const here = preview.rows.filter((row) => row.state === "here" && canTake(row));
  const off = preview.rows.filter((row) => chosen.has(row.row) && row.off).length;

  return (
    <>
      <Text size="sm" role="status">
        {file && (
          <>
            <BidiSafe text={file} />:{" "}
          </>
        )}
        {preview.rows.length === 0
          ? "This file holds no setups."
          : `${counted(preview.rows.length, "setup")}: ${stateWords(preview)}.`}
      </Text>
      {here.length > 1 && (
        <Group gap="xs" mt="xs">
          <Text size="sm">{counted(here.length, "setup")} would replace another:</Text>
          <Button size="xs" variant="default" onClick={() => setChosen(withHere(chosen, preview, false))}>
            Skip all
          </Button>
          <Button size="xs" variant="default" onClick={() => setChosen(withHere(chosen, preview, true))}>
            Replace all
          </Button>
        </Group>
      )}
      {preview.rows.length > 0 && (
        <section className={styles.scroller} aria-label="Setups of the file">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Setup</th>
                <th scope="col">What happens</th>
                <th scope="col">Choice</th>
              </tr>
            </thead>
            <tbody>
              {preview.rows.slice(0, shown).map((row) => (
                <TransferRow
                  key={row.row}
                  row={row}
                  taken={chosen.has(row.row)}
                  onTake={(taken) => setChosen(withRow(chosen, row.row, taken))}
                />
              ))}
            </tbody>
          </table>
          {preview.rows.length > shown && (
            <Button m="xs" size="xs" variant="default" onClick={() => setShown(shown + atOnce)}>
              Show {Math.min(atOnce, preview.rows.length - shown)} more
            </Button>
          )}
        </section>
      )}
      <Makes makes={makes} />
      {preview.notes.map((note) => (
        <div key={note} className={styles.fault}>
          <Note tone="amber" alert={false}>
            {note}
          </Note>
        </div>
      ))}
      {off > 0 && (
        <div className={styles.fault}>
          <Note tone="amber" alert={false}>
            {off === 1 ? "1 setup comes in switched off" : `${off.toLocaleString("en-US")} setups come in switched off`}{" "}
            until what is missing is typed.
          </Note>
        </div>
      )}
      {fault && (
        <div className={styles.fault}>
          <FaultNote fault={fault} />
          {fault.code === "transfer.moved" && (
            <Button mt="xs" size="xs" variant="default" onClick={props.onLookAgain}>
              Look again
            </Button>
          )}
        </div>
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={props.onBack}>
          Back
        </Button>
        <Button variant="default" onClick={props.onCancel}>
          Cancel
        </Button>
        {chosen.size > 0 && (
          <Button loading={importing} onClick={() => props.onImport(choicesOf(preview, chosen))}>
            Import {counted(chosen.size, "setup")}
          </Button>
        )}
      </Group>
    </>
  );
}

/** What the import adds to the tree; the names are one click away. */
function Makes({ makes }: { makes: Preview["makes"] }) {
  if (makes.length === 0) return null;
  const count = (...whats: string[]) => makes.filter((one) => whats.includes(one.what)).length;
  const words = treeWords(count("Process", "Sub Process", "Sub Sub Process"), count("Stage"), count("Stage Field"));
  return (
    <details className={styles.makes}>
      <summary>Also makes {words}.</summary>
      <ul aria-label="What is made">
        {makes.map((one) => (
          <li key={`${one.what} ${one.path}`}>
            {one.what} <BidiSafe text={one.path} />
          </li>
        ))}
      </ul>
    </details>
  );
}
