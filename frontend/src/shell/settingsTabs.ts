import { alert, organisation, user } from "../bridge/api";
import { may, type Right } from "../bridge/can";

/** A tab of Settings. The palette finds it by its label and keywords. */
interface SettingsTab {
  /** The last part of its address, `/settings/local-api`. */
  value: string;
  label: string;
  keywords?: string[];
  /** Who may see it: people who may read what it shows. */
  needs: Right;
}

const settingsTabs: SettingsTab[] = [
  {
    value: "organisation",
    label: "Organisation",
    keywords: ["name", "country", "time zone"],
    needs: organisation.Settings,
  },
  { value: "security", label: "Security", keywords: ["idle", "lock", "password"], needs: organisation.Settings },
  {
    value: "local-api",
    label: "Local API",
    keywords: ["port", "network", "tls", "curl", "pause", "sending"],
    needs: organisation.LocalAPI,
  },
  { value: "secrets", label: "Secrets", keywords: ["keyring", "data key"], needs: organisation.Settings },
  {
    value: "alerts",
    label: "Alerts",
    keywords: ["expires", "warn", "notification", "bell"],
    needs: alert.Settings,
  },
  { value: "retention", label: "Retention", keywords: ["keep", "delete", "days"], needs: organisation.Retention },
  {
    value: "appearance",
    label: "Appearance",
    keywords: ["dark", "light", "theme", "text size", "font"],
    needs: user.SetAppearance,
  },
  { value: "about", label: "About", keywords: ["version", "folder"], needs: organisation.Settings },
];

/** The tabs of Settings that somebody with these permissions may see. */
export function settingsTabsFor(permissions: readonly string[]): SettingsTab[] {
  return settingsTabs.filter((tab) => may(permissions, tab.needs));
}

/** The tab at this address that somebody with these permissions may not see, although they may see others. */
export function refusedTabAt(path: string, permissions: readonly string[]): SettingsTab | undefined {
  return settingsTabs.find((tab) => path === `/settings/${tab.value}` && !may(permissions, tab.needs));
}
