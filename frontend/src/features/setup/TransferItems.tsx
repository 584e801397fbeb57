import { Menu } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import type { ListInput } from "./listState";
import { useTransferExport } from "./useTransferExport";

interface TransferItemsProps {
  /** What the list shows; null if there is nothing to export, or the person may not. */
  filter: ListInput | null;
  onImport?: () => void;
}

/** The entries of the list's menu that export and import setups. */
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
