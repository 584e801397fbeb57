import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { call, dashboard } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { reportPainted } from "../../bridge/runtime";
import { useFirstSteps } from "../../shell/GettingStarted";
import { Screen } from "../../shell/Screen";
import { EmptyState, ErrorState, Note, ScreenHeader, Waiting } from "../../ui";
import { Attention } from "./Attention";
import { BusyStages } from "./BusyStages";
import { CallsByDay } from "./CallsByDay";
import styles from "./Dashboard.module.css";
import { FirstSteps } from "./FirstSteps";
import { KeysByStatus } from "./KeysByStatus";
import type { Report } from "./types";
import { sumOf } from "./words";

/** How often it is read again: no hint tells when other systems call. In milliseconds. */
const readEveryMs = 5_000;

/** The first screen: what needs somebody, then what happened (C08, H07). */
export default function Dashboard() {
  const report = useQuery({
    ...read(dashboard.Get, undefined, { watches: ["call", "apikey", "setup", "organisation", "process"] }),
    refetchInterval: readEveryMs,
  });
  const { steps, close, known } = useFirstSteps();
  // Both at once: the steps are above the figures.
  const shown = report.data !== undefined && known;
  useEffect(() => {
    // The figures are visible one frame after the one that draws them.
    if (shown) requestAnimationFrame(() => requestAnimationFrame(() => reportPainted("dashboard-figures")));
  }, [shown]);
  return (
    <Screen scroll>
      <ScreenHeader title="Dashboard" subtitle="What needs attention, and what happened in the last 30 days" />
      {shown ? (
        <div className={styles.parts}>
          {report.error && (
            <Note tone="red">
              {report.error.message} What is shown here was read earlier, and Keydesk tries again by itself.
            </Note>
          )}
          <Parts report={report.data} first={steps.length > 0 && <FirstSteps steps={steps} onClose={close} />} />
        </div>
      ) : report.error ? (
        <ErrorState trouble={report.error} onRetry={() => void report.refetch()} />
      ) : (
        <Waiting what="Reading the dashboard" skeleton={<Shape />} />
      )}
    </Screen>
  );
}

function Parts({ report, first }: { report: Report; first: ReactNode }) {
  const anyCall = report.days.some((day) => sumOf(day.live) + sumOf(day.test) > 0);
  const anyKey = report.keys.some(({ keys }) => keys > 0);
  // Pictures of nothing would hide what there is to do.
  const nothing = !anyCall && !anyKey;
  const quiet = nothing && report.attention.length === 0;
  return (
    <>
      {!quiet && <Attention report={report} />}
      {first}
      {quiet && !first && (
        <EmptyState title="Nothing happened in the last 30 days." text={emptyText(report)}>
          <Begin />
        </EmptyState>
      )}
      {!nothing && report.sees_calls && <CallsByDay days={report.days} />}
      {!nothing && (report.sees_keys || report.sees_calls) && (
        <div className={styles.beside}>
          {report.sees_keys && <KeysByStatus keys={report.keys} />}
          {report.sees_calls && <BusyStages stages={report.stages} month={report.month} linked={report.sees_setups} />}
        </div>
      )}
    </>
  );
}

/** What an office without calls can do. */
function Begin() {
  const mayTest = useCan(call.TestAll);
  return (
    mayTest && (
      <Button component="a" variant="default" href="#/setups?test-all=1">
        Test all API Key Setups
      </Button>
    )
  );
}

/** What will be here, of what this person may see. */
function emptyText({ sees_calls, sees_keys }: Report): string {
  const parts = [sees_calls && "calls by day", sees_keys && "API keys by status", sees_calls && "the busiest stages"];
  const list = parts.filter((part): part is string => Boolean(part));
  if (list.length === 0) return "A setup that fails is listed here.";
  const last = list.pop();
  const text = list.length > 0 ? `${list.join(", ")} and ${last}` : last;
  return `${text?.charAt(0).toUpperCase()}${text?.slice(1)} are shown here as soon as there are any.`;
}

/** The shape of what comes. */
function Shape() {
  return (
    <div className={styles.parts} aria-hidden>
      <Skeleton height="5rem" />
      <Skeleton height="18rem" />
      <div className={styles.beside}>
        <Skeleton height="13rem" />
        <Skeleton height="13rem" />
      </div>
    </div>
  );
}
