import { BidiSafe, CopyButton, Note } from "../../ui";
import styles from "./Provider.module.css";
import type { FileFault } from "./types";

/** "Line 7" of the file, or nothing where the file as a whole is meant. */
function lineText(line: number): string {
  return line > 0 ? `Line ${line}` : "";
}

/** What is wrong with a file, line by line. */
export function FaultList({ faults, label }: { faults: FileFault[]; label: string }) {
  return (
    <ul className={styles.faults} aria-label={label}>
      {faults.map((fault) => (
        <li key={`${fault.line} ${fault.reason}`}>
          <span className={styles.line}>{lineText(fault.line)}</span>
          <BidiSafe text={fault.reason} />
        </li>
      ))}
    </ul>
  );
}

/** The files of the folder that could not be read: which, where, why, and what to do. */
export function FileFaults({ faults, folder }: { faults: FileFault[]; folder: string }) {
  const files = [...new Set(faults.map((fault) => fault.file))];
  return (
    <Note tone="red">
      <strong>
        {files.length === 1 ? "One file could not be read." : `${files.length} files could not be read.`} The other
        providers work.
      </strong>
      <div className={styles.files}>
        {files.map((file) => (
          <div key={file}>
            <code className="mono">
              <BidiSafe text={file} />
            </code>
            <FaultList faults={faults.filter((fault) => fault.file === file)} label={`Faults of ${file}`} />
          </div>
        ))}
      </div>
      <div className={styles.folder}>
        <span>
          Mend or delete {files.length === 1 ? "it" : "them"} in{" "}
          <code className="mono">
            <BidiSafe text={folder} />
          </code>
          , then open this screen again. Until then its setups are judged by their own rule or by the status alone.
        </span>
        <CopyButton text={folder} label="Copy the folder's path" />
      </div>
    </Note>
  );
}
