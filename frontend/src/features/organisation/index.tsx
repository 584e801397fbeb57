import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useLocation, useRoute } from "wouter";
import { useSession } from "../../bridge/session";
import { AppearanceFields } from "../../shell/AppearanceFields";
import { Screen } from "../../shell/Screen";
import { settingsTabsFor } from "../../shell/settingsTabs";
import { ScreenHeader } from "../../ui";
import { About } from "./About";
import { Alerts } from "./Alerts";
import { LocalApi } from "./LocalApi";
import { OfficePart } from "./OfficePart";
import { OrganisationForm } from "./OrganisationForm";
import { Retention } from "./Retention";
import { Secrets } from "./Secrets";
import { SecurityForm } from "./SecurityForm";

const panels: Record<string, () => ReactNode> = {
  organisation: () => (
    <OfficePart>{(state, reRead) => <OrganisationForm office={state.organisation} reRead={reRead} />}</OfficePart>
  ),
  security: () => (
    <OfficePart>{(state, reRead) => <SecurityForm office={state.organisation} reRead={reRead} />}</OfficePart>
  ),
  "local-api": () => <LocalApi />,
  secrets: () => <OfficePart>{(state) => <Secrets secrets={state.secrets} />}</OfficePart>,
  alerts: () => <Alerts />,
  retention: () => <Retention />,
  appearance: () => <AppearanceFields />,
  about: () => <About />,
};

/** Settings (UI.md, Screens): the tabs that the person may see. */
export default function SettingsScreen() {
  const [, navigate] = useLocation();
  const [, params] = useRoute("/settings/:tab");
  const tabs = settingsTabsFor(useSession().permissions);
  const tab = tabs.find(({ value }) => value === params?.tab) ?? tabs[0];
  return (
    <Screen scroll>
      <ScreenHeader
        title="Settings"
        subtitle="Your organisation, who can call Keydesk, and what is kept for how long"
      />
      {tab && (
        <Tabs value={tab.value} onChange={(next) => navigate(`/settings/${next}`)} keepMounted={false} maw={720}>
          <Tabs.List mb="lg">
            {tabs.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(({ value }) => (
            <Tabs.Panel key={value} value={value}>
              {panels[value]?.()}
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Screen>
  );
}
