import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useLocation, useRoute } from "wouter";
import { organisation } from "../../bridge/api";
import { read } from "../../bridge/query";
import { Screen } from "../../shell/Screen";
import { ErrorState, FormSkeleton, ScreenHeader, Waiting } from "../../ui";
import { About } from "./About";
import { OrganisationForm } from "./OrganisationForm";
import { Secrets } from "./Secrets";
import { SecurityForm } from "./SecurityForm";

const tabs = ["organisation", "security", "secrets", "about"];

/** Settings (UI.md, Screens). */
export default function SettingsScreen() {
  const [, navigate] = useLocation();
  const [, params] = useRoute("/settings/:tab");
  const tab = tabs.find((each) => each === params?.tab) ?? "organisation";
  const { data, error, refetch } = useQuery(read(organisation.Settings, undefined));
  const reRead = useCallback(async () => (await refetch()).data?.organisation, [refetch]);
  return (
    <Screen scroll>
      <ScreenHeader title="Settings" subtitle="Your organisation, when the window locks, and where secrets are kept" />
      {!data && error && <ErrorState trouble={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting what="Reading the settings" skeleton={<FormSkeleton />} />}
      {data && (
        <Tabs value={tab} onChange={(next) => navigate(`/settings/${next}`)} keepMounted={false} maw={720}>
          <Tabs.List mb="lg">
            <Tabs.Tab value="organisation">Organisation</Tabs.Tab>
            <Tabs.Tab value="security">Security</Tabs.Tab>
            <Tabs.Tab value="secrets">Secrets</Tabs.Tab>
            <Tabs.Tab value="about">About</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="organisation">
            <OrganisationForm office={data.organisation} reRead={reRead} />
          </Tabs.Panel>
          <Tabs.Panel value="security">
            <SecurityForm office={data.organisation} reRead={reRead} />
          </Tabs.Panel>
          <Tabs.Panel value="secrets">
            <Secrets secrets={data.secrets} />
          </Tabs.Panel>
          <Tabs.Panel value="about">
            <About />
          </Tabs.Panel>
        </Tabs>
      )}
    </Screen>
  );
}
