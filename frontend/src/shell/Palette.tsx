import { useHotkeys } from "@mantine/hooks";
import { createSpotlight, Spotlight, type SpotlightActionGroupData, useSpotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { apikey, type model, setup } from "../bridge/api";
import { useCan } from "../bridge/can";
import { type Plain, read } from "../bridge/query";
import { useSession } from "../bridge/session";
import { isLocked, layerZIndex, useLayer } from "../ui/layers";
import type { Entry } from "./entries";
import { everySetup } from "./everySetup";
import { navigate } from "./location";
import { settingsTabsFor } from "./settingsTabs";

/** Something the palette can do besides going to a screen. */
export interface PaletteAction {
  id: string;
  label: string;
  /** Other words by which it is found. */
  keywords?: string[];
  run: () => void;
}

const [store, palette] = createSpotlight();

export { palette };

interface PaletteProps {
  entries: Entry[];
  actions: PaletteAction[];
}

/** The palette. Ctrl+K opens it above what is open, even while typing in a field, but not above the lock. */
export function Palette(props: PaletteProps) {
  const { opened } = useSpotlight(store);
  useHotkeys([["mod + K", () => !isLocked() && palette.open()]], [], true);
  // Mounted only while it is open, like every layer.
  return opened && <OpenPalette {...props} />;
}

function OpenPalette({ entries, actions }: PaletteProps) {
  const [query, setQuery] = useState("");
  const found = useFoundSetups(query);
  const keys = useFoundKeys(query);
  const { permissions } = useSession();
  // Found by their words; before anything is typed, the list has only what the navigation has.
  const tabs = useMemo(() => settingsTabsFor(permissions), [permissions]);
  const focus = useFocusBack();
  const layer = useLayer(palette.close);
  const data = useMemo<SpotlightActionGroupData[]>(
    () => [
      {
        group: "Screens",
        actions: entries.flatMap((entry) => [
          {
            id: entry.path,
            label: entry.label,
            description: entry.under ?? entry.group,
            leftSection: <entry.icon size={18} stroke={1.75} />,
            onClick: () => focus.goes(entry.path),
          },
          ...(entry.path === "/settings" && query.trim() ? tabs : []).map(({ value, label, keywords }) => ({
            id: `/settings/${value}`,
            label,
            description: entry.label,
            keywords,
            leftSection: <entry.icon size={18} stroke={1.75} />,
            onClick: () => focus.goes(`/settings/${value}`),
          })),
        ]),
      },
      {
        group: "Actions",
        actions: actions.map((action) => ({
          id: action.id,
          label: action.label,
          keywords: action.keywords,
          onClick: () => {
            focus.leaves();
            action.run();
          },
        })),
      },
      {
        group: "API Key Setups",
        actions: found.map((row) => ({
          id: `setup ${row.id}`,
          label: setupTitle(row),
          description: row.url,
          // Go searches more than what is shown here; without this, Spotlight would filter the row out.
          keywords: query,
          onClick: () => focus.goes(`/setups/${row.id}`),
        })),
      },
      {
        group: "API Keys",
        actions: keys.map((row) => ({
          id: `key ${row.id}`,
          label: row.title,
          description: row.mask,
          keywords: query,
          onClick: () => focus.goes(`/keys/${row.id}`),
        })),
      },
    ],
    [entries, tabs, actions, found, keys, query, focus],
  );
  return (
    <Spotlight
      actions={data}
      query={query}
      onQueryChange={setQuery}
      ref={layer}
      zIndex={layerZIndex}
      closeOnEscape={false}
      shortcut={null}
      store={store}
      highlightQuery
      scrollable
      limit={30}
      returnFocus={false}
      nothingFound="Nothing is called that."
      transitionProps={{ duration: 0 }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      attributes={{ content: { "aria-label": "Go to or do" } }}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: "Go to or do …",
        "aria-label": "Go to or do",
      }}
    />
  );
}

/**
 * Gives the focus back to where it was, unless the choice opens another screen or a dialog. Mantine's own way gives it
 * back a moment too late and so takes it away from the dialog.
 */
function useFocusBack() {
  const [focus] = useState(() => {
    let before = document.activeElement;
    const leaves = () => {
      before = null;
    };
    return {
      leaves,
      goes: (place: string) => {
        if (!location.hash.startsWith(`#${place}`)) leaves();
        navigate(place);
      },
      back: () => {
        if (before instanceof HTMLElement) before.focus();
      },
    };
  });
  useEffect(() => focus.back, [focus]);
  return focus;
}

type Row = Plain<model.setup.Row>;

const none: Row[] = [];

/** The first setups that a search finds; none for a person who may not see setups. */
function useFoundSetups(query: string): Row[] {
  const mayView = useCan(setup.List);
  const search = query.trim();
  const list = useQuery(
    read(setup.List, { ...everySetup, search, limit: 8 }, { enabled: mayView && search.length > 1, keep: true }),
  );
  return search.length > 1 ? (list.data?.rows ?? none) : none;
}

const noKeys: Plain<model.apikey.Key>[] = [];

/** The first API keys that a search finds; none for a person who may not see keys. */
function useFoundKeys(query: string): Plain<model.apikey.Key>[] {
  const mayView = useCan(apikey.List);
  const search = query.trim();
  const list = useQuery(
    read(apikey.List, { ...everyKey, search, limit: 8 }, { enabled: mayView && search.length > 1, keep: true }),
  );
  return search.length > 1 ? (list.data?.rows ?? noKeys) : noKeys;
}

const everyKey = {
  status: "",
  creator: "",
  unused_days: 0,
  expiring_days: 0,
  review: false,
  review_days: 0,
  sort: "",
  descending: false,
  after: "",
};

function setupTitle(row: Row): string {
  const place = [row.process, row.sub_process, row.sub_sub_process, row.stage].filter(Boolean).join(" / ");
  return row.name ? `${row.name} (${place})` : place;
}
