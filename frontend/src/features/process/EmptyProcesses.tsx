import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { organisation, process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { write } from "../../bridge/query";
import { FaultNote } from "../../shell/FaultNote";
import { EmptyState } from "../../ui";
import styles from "./EmptyProcesses.module.css";

interface EmptyProcessesProps {
  onCreate: () => void;
  onImport: () => void;
}

/** The starter trees of the first run, by Go's name for them. */
const starters = [
  { tree: "orders", name: "Orders", line: "Delivery, pick-up and returns, from Placed to Delivered." },
  { tree: "appointments", name: "Appointments", line: "Visits to a clinic and at home, from Booked to Completed." },
  { tree: "invoices", name: "Invoices", line: "Sales, subscriptions and credit notes, from Issued to Paid." },
];

export function EmptyProcesses({ onCreate, onImport }: EmptyProcessesProps) {
  const mayCreate = useCan(process.CreatePlace);
  const mayStart = useCan(organisation.CreateStarter);
  const mayImport = useCan(process.ImportCsv);
  const createStarter = useMutation(write(organisation.CreateStarter, { refreshes: ["process"] }));

  return (
    <>
      <EmptyState
        title="No processes yet."
        text={
          <>
            A process is something your office does in steps, such as Orders; at each step a message can go out.
            {!mayCreate && " Someone with Can Create Processes can add the first one."}
          </>
        }
      >
        {mayCreate && <Button onClick={onCreate}>Create process</Button>}
        {mayImport && (
          <Button variant="default" onClick={onImport}>
            Import CSV
          </Button>
        )}
      </EmptyState>
      {mayStart && (
        <section className={styles.starters} aria-labelledby="starters-title">
          <h2 id="starters-title">Or begin with a starter tree</h2>
          <p>Processes, stages and stage fields with sample values. You can change everything later.</p>
          <ul>
            {starters.map(({ tree, name, line }) => (
              <li key={tree}>
                <div>
                  <strong>{name}</strong>
                  <p>{line}</p>
                </div>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Use ${name}`}
                  loading={createStarter.isPending && createStarter.variables?.tree === tree}
                  onClick={() => {
                    if (!createStarter.isPending) createStarter.mutate({ tree });
                  }}
                >
                  Use
                </Button>
              </li>
            ))}
          </ul>
          {createStarter.error && <FaultNote fault={createStarter.error} />}
        </section>
      )}
    </>
  );
}
