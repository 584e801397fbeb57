import { useQuery } from "@tanstack/react-query";
import { process, setup } from "../../bridge/api";
import { read } from "../../bridge/query";
import { useToField } from "../../shell/toField";
import { Drawer, ErrorState, Waiting } from "../../ui";
import { noSource } from "./draft";
import { TestSlot } from "./TestSlot";

/** Tests a saved setup from the list (T). */
export function TestDrawer({ setupId, onClose }: { setupId: string; onClose: () => void }) {
  const one = useQuery(read(setup.Get, { id: setupId }));
  const draft = one.data?.draft;
  const fields = useQuery(
    read(
      process.FieldsAt,
      { place_id: draft?.place_id ?? "", stage_id: draft?.stage_id ?? "" },
      { enabled: draft !== undefined },
    ),
  );
  const toField = useToField(setupId);
  const trouble = one.error ?? fields.error;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="44rem"
      title={one.data ? `Test “${one.data.title}”` : "Test"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {trouble ? (
        <ErrorState trouble={trouble} onRetry={() => void (one.error ? one.refetch() : fields.refetch())} />
      ) : fields.data ? (
        <TestSlot setupId={setupId} source={noSource} draft={null} fields={fields.data} onField={toField} />
      ) : (
        <Waiting what="Reading the setup" />
      )}
    </Drawer>
  );
}
