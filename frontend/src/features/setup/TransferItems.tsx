import { Menu } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import type { ListInput } from "./listState";
import { useTransferExport } from "./useTransferExport";

interface TransferItemsProps {
  /** What the list shows; null where there is nothing to export, or nobody who may. */
  filter: ListInput | null;
  onImport?: () => void;
}

/** Setups as a file, out and in: entries of the list's menu. */
export function TransferItems({ filter, onImport }: TransferItemsProps) {
  const save = useTransferExport();
  return (
    <>
      {filter && (
        <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => void save(filter)}>
          Export setups
        </Menu.Item>
      )}
      {onImport && (
        <Menu.Item leftSection={<IconUpload size={16} />} onClick={onImport}>
          Import setups
        </Menu.Item>
      )}
    </>
  );
}
