import { BidiSafe, Note } from "../../ui";
import { Badge } from "./Badge";
import { Hosts } from "./Hosts";
import styles from "./Provider.module.css";
import type { FilePreview, Summary } from "./types";
import { afterReplacing, channelsText } from "./words";

interface PreviewOfFileProps {
  preview: FilePreview;
  made: Summary;
  /** The provider that should be replaced. */
  replaces?: { id: string; name: string };
}

/** What adding a file would do. The hosts that get the keys are highlighted, since a malicious file could steal them. */
export function PreviewOfFile({ preview, made, replaces }: PreviewOfFileProps) {
  return (
    <div className={styles.preview}>
      <dl className={styles.about}>
        <dt>Name</dt>
        <dd>
          <BidiSafe text={made.name} />
        </dd>
        <dt>Id</dt>
        <dd className="mono">{made.id}</dd>
        <dt>Key For</dt>
        <dd>{channelsText(made.channels)}</dd>
        <dt>How it is known</dt>
        <dd>
          <Badge mark={made.badge} />
        </dd>
        <dt>Version</dt>
        <dd>{versionText(preview, made)}</dd>
      </dl>
      {replaces && replaces.id !== made.id && (
        <Note tone="amber">
          This file has another id, so it does not replace “<BidiSafe text={replaces.name} />
          ”. To replace it, the file needs the id <code className="mono">{replaces.id}</code>.
        </Note>
      )}
      {preview.replaces > 0 && made.setups > 0 && <p>{afterReplacing(made.setups)}</p>}
      <Note tone="amber" alert={false}>
        <strong>Keys typed for this provider are sent to:</strong>
        <Hosts hosts={preview.hosts} />
        {preview.hosts.some((host) => host.includes("{{")) && "A name in braces is a field of the setup. "}
        Add the file only if you trust who gave it to you, and if this is where your keys belong.
      </Note>
    </div>
  );
}

function versionText({ replaces }: FilePreview, { version }: Summary): string {
  if (replaces === 0) return `${version}, new here`;
  if (replaces === version) return `${version}, replaces the same version`;
  return `${version}, replaces version ${replaces}${replaces > version ? ", which is newer" : ""}`;
}
