import { channelLabels } from "../../shell/channels";
import { BidiSafe, durationText, Mark, RelativeDate, type TableColumn, VerdictBadge } from "../../ui";
import { SimulatorSign } from "./SimulatorSign";
import type { Call } from "./types";
import { deliveryLabels, modeText } from "./words";

/** The columns of the history. `term` is what was searched for. Delivery is shown once something is known of one. */
export function columnsFor(term: string, someDelivery: boolean): TableColumn<Call>[] {
  const delivery: TableColumn<Call> = {
    id: "delivery",
    header: "Delivery",
    width: "7rem",
    cell: (call) => deliveryLabels[call.delivery] ?? "",
  };
  return [
    {
      id: "at",
      header: "Time",
      sort: "time",
      width: "8rem",
      cell: (call) => <RelativeDate at={new Date(call.at_ms)} />,
    },
    {
      id: "setup",
      header: "API Key Setup",
      width: "minmax(9rem, 2fr)",
      cell: (call) => <BidiSafe text={call.title} />,
      title: (call) => call.title,
    },
    { id: "channel", header: "Key For", width: "minmax(6rem, 10rem)", cell: (call) => channelLabels[call.channel] },
    {
      id: "recipient",
      header: "Recipient",
      width: "minmax(8rem, 1fr)",
      cell: (call) => (term ? <Mark text={call.recipient} term={term} /> : <BidiSafe text={call.recipient} />),
      title: (call) => call.recipient,
    },
    {
      id: "mode",
      header: "Mode",
      width: "6.5rem",
      cell: (call) => (call.simulated ? <SimulatorSign /> : modeText(call)),
      title: modeText,
    },
    {
      id: "result",
      header: "Result",
      width: "7rem",
      cell: (call) => (call.state === "sending" ? "Sending …" : <VerdictBadge verdict={call.verdict} />),
    },
    ...(someDelivery ? [delivery] : []),
    { id: "status", header: "Status", width: "4rem", numeric: true, cell: (call) => call.status || "" },
    {
      id: "took",
      header: "Took",
      width: "5rem",
      numeric: true,
      cell: (call) => (call.state === "sending" ? "" : durationText(call.total_ms)),
    },
  ];
}
