import { Anchor, Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { provider } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { BidiSafe, Drawer, ErrorState, Waiting } from "../../ui";
import { AddProvider } from "./AddProvider";
import { About, Parts } from "./Parts";
import styles from "./Provider.module.css";
import { readOne } from "./queries";
import type { Form } from "./types";
import { useFiles } from "./useFiles";

interface ProviderDrawerProps {
  id: string;
  onClose: () => void;
}

/** One provider: what it is, what it asks for, and its file. */
export function ProviderDrawer({ id, onClose }: ProviderDrawerProps) {
  const one = useQuery(readOne(id));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="46rem"
      title={one.data ? <BidiSafe text={one.data.provider.name} /> : "Provider"}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      {one.data ? (
        <Detail form={one.data} onClose={onClose} />
      ) : one.error ? (
        <ErrorState trouble={one.error} onRetry={() => void one.refetch()} />
      ) : (
        <Waiting what="Reading the provider" />
      )}
    </Drawer>
  );
}

function Detail({ form, onClose }: { form: Form; onClose: () => void }) {
  const { provider: one } = form;
  const mayDelete = useCan(provider.Delete);
  const mayExport = useCan(provider.Export);
  const [replacing, setReplacing] = useState(false);
  const { saveFile, remove } = useFiles();
  const own = !one.built_in;
  return (
    <div className={styles.panel}>
      <p className={styles.help}>
        <BidiSafe text={one.help} />
      </p>
      <Group gap="md">
        {one.page && (
          <Anchor href={one.page} inherit>
            Open the provider's page
          </Anchor>
        )}
        {one.delivery && (
          <Anchor href={one.delivery} inherit>
            See delivery at the provider
          </Anchor>
        )}
      </Group>
      {(mayExport || (mayDelete && own)) && (
        <Group gap="xs">
          {mayExport && (
            <Button variant="default" onClick={() => void saveFile(one.id)}>
              Save file
            </Button>
          )}
          {mayDelete && own && (
            <>
              <Button variant="default" onClick={() => setReplacing(true)}>
                Replace
              </Button>
              <Button
                variant="default"
                onClick={async () => {
                  if (await remove({ id: one.id, name: one.name, setups: form.setups })) onClose();
                }}
              >
                Remove
              </Button>
            </>
          )}
        </Group>
      )}
      <About form={form} />
      <Parts form={form} />
      {replacing && (
        <AddProvider
          replaces={{ id: one.id, name: one.name }}
          onClose={() => setReplacing(false)}
          onAdded={() => setReplacing(false)}
        />
      )}
    </div>
  );
}
