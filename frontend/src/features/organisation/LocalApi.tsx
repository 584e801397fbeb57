import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { organisation } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { ErrorState, FormSkeleton, Waiting } from "../../ui";
import { CertificateView } from "./CertificateView";
import { ClientView } from "./ClientView";
import { LocalApiFacts } from "./LocalApiFacts";
import { LocalApiForm } from "./LocalApiForm";
import { documentOf } from "./localApiDraft";
import { PauseSending } from "./PauseSending";

/** The local API: whether it is on, who can call, where it answers, and how a client calls it. */
export function LocalApi() {
  const maySet = useCan(organisation.SaveLocalAPI);
  const { data, error, refetch } = useQuery(read(organisation.LocalAPI, undefined));
  const reRead = useCallback(async () => {
    const fresh = (await refetch()).data;
    return fresh && documentOf(fresh);
  }, [refetch]);
  if (!data && error) return <ErrorState trouble={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting what="Reading the settings of the local API" skeleton={<FormSkeleton />} />;
  return (
    <Stack gap="xl">
      {maySet ? <LocalApiForm state={data} reRead={reRead} /> : <LocalApiFacts state={data} />}
      <CertificateView network={data.settings.network} />
      <PauseSending />
      <ClientView listening={data.listening} />
    </Stack>
  );
}
