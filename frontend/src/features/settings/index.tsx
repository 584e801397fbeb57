import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLocation, useRoute } from "wouter";
import { office } from "../../bridge/api";
import { read } from "../../bridge/query";
import { Screen } from "../../shell/Screen";
import { ErrorState, ScreenHeader, Waiting } from "../../ui";
import { About } from "./About";
import { OrganisationForm } from "./OrganisationForm";
import { Secrets } from "./Secrets";

/** Settings (product.md 14), as far as what they lead to is built. */
export default function SettingsScreen() {
  const [, navigate] = useLocation();
  const [, params] = useRoute("/settings/:tab");
  const tab = params?.tab ?? "organisation";
  const settings = useQuery(read("office.settings", () => office.Settings(), undefined));
  return (
    <Screen scroll>
      <ScreenHeader
        title="Settings"
        subtitle="Your organisation, how long the window stays open, and where secrets are kept"
      />
      {settings.error && <ErrorState trouble={settings.error} onRetry={() => settings.refetch()} />}
      {!settings.data && !settings.error && <Waiting what="Reading the settings" />}
      {settings.data && (
        <Tabs value={tab} onChange={(next) => navigate(`/settings/${next}`)} keepMounted={false} maw={720}>
          <Tabs.List mb="lg">
            <Tabs.Tab value="organisation">Organisation</Tabs.Tab>
            <Tabs.Tab value="secrets">Secrets</Tabs.Tab>
            <Tabs.Tab value="about">About</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="organisation">
            <OrganisationForm
              key={settings.data.office.version}
              office={settings.data.office}
              onReload={() => void settings.refetch()}
            />
          </Tabs.Panel>
          <Tabs.Panel value="secrets">
            <Secrets secrets={settings.data.secrets} />
          </Tabs.Panel>
          <Tabs.Panel value="about">
            <About />
          </Tabs.Panel>
        </Tabs>
      )}
    </Screen>
  );
}
