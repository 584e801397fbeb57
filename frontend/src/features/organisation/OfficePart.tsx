import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import { type model, organisation } from "../../bridge/api";
import { type Plain, read } from "../../bridge/query";
import { ErrorState, FormSkeleton, Waiting } from "../../ui";
import type { OrganisationSettings } from "./useSettingsForm";

interface OfficePartProps {
  children: (
    state: Plain<model.organisation.State>,
    reRead: () => Promise<OrganisationSettings | undefined>,
  ) => ReactNode;
}

/** Reads the settings of the office for a tab that shows a part of them. */
export function OfficePart({ children }: OfficePartProps) {
  const { data, error, refetch } = useQuery(read(organisation.Settings, undefined));
  const reRead = useCallback(async () => (await refetch()).data?.organisation, [refetch]);
  if (data) return children(data, reRead);
  if (error) return <ErrorState trouble={error} onRetry={() => void refetch()} />;
  return <Waiting what="Reading the settings" skeleton={<FormSkeleton />} />;
}
