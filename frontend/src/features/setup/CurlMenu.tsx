import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { setup } from "../../bridge/api";
import { Fault, faultOf } from "../../bridge/fault";
import { ask } from "../../bridge/query";
import { copyText } from "../../bridge/runtime";
import { showFault, tell } from "../../shell/showFault";
import type { Draft, Source } from "./draft";

const shells = [
  { shell: "posix", label: "Linux and macOS (sh)" },
  { shell: "powershell", label: "Windows PowerShell" },
  { shell: "cmd", label: "Windows Command Prompt (cmd)" },
];

/** The same request as a curl line, with placeholders for secrets. */
export function CurlMenu({ draft, source }: { draft: Draft; source: Source }) {
  const copy = async (shell: string) => {
    try {
      const { text } = await ask(setup.Curl, { draft, source, record: {}, shell });
      if (await copyText(text)) tell("Copied. Secrets are left out: put them in yourself.");
      else
        showFault(
          new Fault({ kind: "unavailable", code: "page.clipboard", message: "The clipboard cannot be reached." }),
        );
    } catch (cause) {
      showFault(faultOf(cause));
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" rightSection={<IconChevronDown size={14} aria-hidden />}>
          Copy as curl
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {shells.map(({ shell, label }) => (
          <Menu.Item key={shell} onClick={() => void copy(shell)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
