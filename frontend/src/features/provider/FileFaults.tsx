import { Button } from "@mantine/core";
import { BidiSafe, CopyButton, Note } from "../../ui";
import styles from "./Provider.module.css";
import type { FileFault } from "./types";

/** "Line 7" of the file, or the file as a whole. */
function lineText(line: number): string {
  return line > 0 ? `Line ${line}` : "The file";
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

interface FileFaultsProps {
  faults: FileFault[];
  folder: string;
  /** Reads the folder again. */
  onAgain: () => void;
}

/** The files of the folder that could not be read: which, where, why, and what to do. */
export function FileFaults({ faults, folder, onAgain }: FileFaultsProps) {
  const files = [...new Set(faults.map((fault) => fault.file))];
  const one = files.length === 1;
  return (
    <Note tone="red">
      <strong>
        {one ? "One file could not be read." : `${files.length} files could not be read.`} The other providers work.
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
      <div>
        Correct or delete {one ? "it" : "them"} in this folder, then look again. Until then {one ? "its" : "their"}{" "}
        setups are judged by their own rule or by the status alone.
      </div>
      <div className={styles.folder}>
        <code className="mono">
          <BidiSafe text={folder} />
        </code>
        <CopyButton text={folder} label="Copy the folder's path" />
        <Button size="xs" variant="default" onClick={onAgain}>
          Look again
        </Button>
      </div>
    </Note>
  );
}

/** The good files of the folder, which are loaded at the next start. */
export function WaitingFiles({ files }: { files: string[] }) {
  const one = files.length === 1;
  return (
    <Note tone="amber" alert={false}>
      <BidiSafe text={files.join(", ")} /> {one ? "is" : "are"} loaded the next time Keydesk starts. To use{" "}
      {one ? "it" : "them"} now, add {one ? "it" : "them"} here.
    </Note>
  );
}
