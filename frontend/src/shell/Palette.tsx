import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Entry } from "./entries";
import { navigate } from "./location";

/** Something the palette can do beside going to a screen. */
export interface PaletteAction {
  id: string;
  label: string;
  /** Other words it is found by. */
  keywords?: string[];
  run: () => void;
}

/** Ctrl+K, also while typing in a field. */
export function Palette({ entries, actions }: { entries: Entry[]; actions: PaletteAction[] }) {
  const data = useMemo<SpotlightActionGroupData[]>(
    () => [
      {
        group: "Screens",
        actions: entries.map((entry) => ({
          id: entry.path,
          label: entry.label,
          description: entry.group,
          leftSection: <entry.icon size={18} stroke={1.75} />,
          onClick: () => navigate(entry.path),
        })),
      },
      {
        group: "Actions",
        actions: actions.map((action) => ({
          id: action.id,
          label: action.label,
          keywords: action.keywords,
          onClick: action.run,
        })),
      },
    ],
    [entries, actions],
  );
  return (
    <Spotlight
      actions={data}
      shortcut="mod + K"
      tagsToIgnore={[]}
      triggerOnContentEditable
      highlightQuery
      scrollable
      limit={30}
      nothingFound="Nothing is called that."
      transitionProps={{ duration: 0 }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: "Go to or do …",
        "aria-label": "Go to or do",
      }}
    />
  );
}
