import { Menu } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import type { ListInput } from "./listState";
import { useExchangeExport } from "./useExchangeExport";

interface ExchangeItemsProps {
  /** What the list shows; null where there is nothing to export, or nobody who may. */
  filter: ListInput | null;
  onImport?: () => void;
}

/** Setups as a file, out and in: entries of the list's menu. */
export function ExchangeItems({ filter, onImport }: ExchangeItemsProps) {
  const save = useExchangeExport();
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
