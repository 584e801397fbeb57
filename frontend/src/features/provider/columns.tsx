import { BidiSafe, Mark, type TableColumn } from "../../ui";
import { Badge } from "./Badge";
import type { Summary } from "./types";
import { badgeSays, channelsText, originLabels, originOf, setupsText } from "./words";

/** The columns of the list; `term` is what was searched for. */
export function columnsFor(term: string): TableColumn<Summary>[] {
  const shown = (text: string) => (term ? <Mark text={text} term={term} /> : <BidiSafe text={text} />);
  return [
    {
      id: "name",
      header: "Name",
      sort: "name",
      width: "minmax(10rem, 2fr)",
      cell: (line) => shown(line.name),
      title: (line) => `${line.name} (${line.id})`,
    },
    {
      id: "channels",
      header: "Key For",
      sort: "channels",
      width: "minmax(9.75rem, 1.2fr)",
      cell: (line) => shown(channelsText(line.channels)),
      title: (line) => channelsText(line.channels),
    },
    {
      id: "badge",
      header: "How it is known",
      sort: "badge",
      width: "9.25rem",
      cell: (line) => <Badge mark={line.badge} />,
      title: (line) => badgeSays[line.badge],
    },
    {
      id: "origin",
      header: "From",
      sort: "origin",
      width: "5.5rem",
      cell: (line) => originLabels[originOf(line)],
    },
    {
      id: "setups",
      header: "Used by",
      sort: "setups",
      width: "5.75rem",
      cell: (line) => setupsText(line.setups),
    },
    {
      id: "testable",
      header: "Key check",
      sort: "testable",
      width: "6.25rem",
      cell: (line) => (line.testable ? "Yes" : "No"),
      title: (line) =>
        line.testable
          ? "A key can be checked without sending a message."
          : "No request is known that proves a key without sending a message.",
    },
  ];
}
