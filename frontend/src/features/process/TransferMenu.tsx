import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconDownload, IconUpload } from "@tabler/icons-react";
import { process, window } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { faultOf } from "../../bridge/fault";
import { ask } from "../../bridge/query";
import { showFault } from "../../shell/showFault";

/** Export and import of the tree. Not shown to a person who may do neither. */
export function TransferMenu({ onImport }: { onImport: () => void }) {
  const mayExport = useCan(process.ExportCsv);
  const mayImport = useCan(process.ImportCsv);
  if (!mayExport && !mayImport) return null;

  const save = async () => {
    try {
      const file = await ask(process.ExportCsv, undefined);
      const saved = await ask(window.SaveText, { title: "Save the processes", file_name: file.name, text: file.text });
      if (saved.saved) notifications.show({ message: `Saved as ${saved.path}` });
    } catch (cause) {
      showFault(faultOf(cause));
    }
  };

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} />}>
          CSV
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {mayExport && (
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => void save()}>
            Export CSV
          </Menu.Item>
        )}
        {mayImport && (
          <Menu.Item leftSection={<IconUpload size={16} />} onClick={onImport}>
            Import CSV
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
