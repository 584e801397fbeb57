import { Alert, Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { Fault } from "../../bridge/fault";
import { FaultWords } from "../../shell/showFault";

/** Why a save was refused, above the form; what was entered stays. */
export function FaultBanner({ fault, onReload }: { fault: Fault; onReload?: () => void }) {
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle size={18} aria-hidden />}>
      <FaultWords fault={fault} />
      {fault.code === "setup.stale" && onReload && (
        <Button size="compact-sm" variant="default" ml="sm" onClick={onReload}>
          Reload
        </Button>
      )}
    </Alert>
  );
}
