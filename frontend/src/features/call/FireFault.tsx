import { Alert, Anchor } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type Fault, type FaultLink, inputPath } from "../../bridge/fault";
import { BidiSafe } from "../../ui";
import styles from "./Call.module.css";
import { recordErrors } from "./RecordForm";

interface FireFaultProps {
  fault: Fault;
  /** Leads to an input of the setup, a path of the draft. */
  onField?: (path: string) => void;
  /** The values have no form here, so their messages are listed. */
  listsRecord?: boolean;
}

/** Why nothing was sent: the sentence, what to try, every input it names, and its links. */
export function FireFault({ fault, onField, listsRecord = false }: FireFaultProps) {
  // A message about a single input is not shown twice.
  const fields = fault.fields.filter(
    (field) => field.name.startsWith("draft.") && (onField || field.message !== fault.message),
  );
  const unfit = listsRecord ? Object.entries(recordErrors(fault.fields)) : [];
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle size={20} aria-hidden />}>
      <p className={styles.faultTitle}>
        <BidiSafe text={fault.message} />
      </p>
      {fault.hint && (
        <p>
          <BidiSafe text={fault.hint} />
        </p>
      )}
      {fields.length > 0 && (
        <ul className={styles.faultFields}>
          {fields.map((field) => (
            <li key={`${field.name} ${field.message}`}>
              {onField ? (
                <Anchor component="button" type="button" inherit onClick={() => onField(inputPath(field.name))}>
                  {field.message === fault.message ? "Go to the field" : <BidiSafe text={field.message} />}
                </Anchor>
              ) : (
                <BidiSafe text={field.message} />
              )}
            </li>
          ))}
        </ul>
      )}
      {unfit.length > 1 && (
        <ul className={styles.faultFields}>
          {unfit.map(([name, message]) => (
            <li key={name}>
              <BidiSafe text={`${name}: ${message}`} />
            </li>
          ))}
        </ul>
      )}
      {fault.links.map((link) => (
        <Anchor key={link.id} href={linkTo(link)} inherit>
          Open “{link.name}”
        </Anchor>
      ))}
    </Alert>
  );
}

const screens: Record<string, string> = { setup: "/setups", process: "/processes", call: "/calls" };

function linkTo({ kind, id }: FaultLink): string {
  return `#${screens[kind] ?? "/setups"}/${id}`;
}
