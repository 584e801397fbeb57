import { BidiSafe, Mark, RelativeDate, type TableColumn } from "../../ui";
import { Outcome } from "./Outcome";
import type { Entry } from "./types";
import { whatText } from "./words";

/** Who did what to which thing, when, and the outcome. `term` is the search term. */
export function columnsFor(term: string): TableColumn<Entry>[] {
  const shown = (text: string) => (term ? <Mark text={text} term={term} /> : <BidiSafe text={text} />);
  return [
    {
      id: "when",
      header: "When",
      sort: "time",
      width: "8rem",
      cell: (entry) => <RelativeDate at={new Date(entry.at_ms)} />,
    },
    {
      id: "who",
      header: "Who",
      width: "minmax(6rem, 1fr)",
      cell: (entry) => shown(whoText(entry)),
      title: whoText,
    },
    { id: "what", header: "What", width: "minmax(13rem, 1.5fr)", cell: (entry) => whatText(entry), title: whatText },
    {
      id: "thing",
      header: "Which",
      width: "minmax(9rem, 2.5fr)",
      cell: (entry) => shown(thingText(entry)),
      title: thingText,
    },
    { id: "outcome", header: "Outcome", width: "9.5rem", cell: (entry) => <Outcome entry={entry} /> },
  ];
}

/** Who did it; a refusal before the sign-in has no name. */
export function whoText(entry: Entry): string {
  if (entry.erased.includes("actor")) return erasedWord;
  return entry.actor || "Somebody not signed in";
}

/** Which thing it was. */
export function thingText(entry: Entry): string {
  return entry.erased.includes("object") ? erasedWord : entry.object;
}

/** In the place of a text that was erased; an entry of the kind Erasure says who erased it. */
const erasedWord = "(erased)";
