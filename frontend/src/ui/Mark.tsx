import { Mark as Highlighted } from "@mantine/core";
import { cutAtHits } from "./text";

/** Text in which the search term is marked, whatever its case and script. */
export function Mark({ text, term }: { text: string; term: string }) {
  let at = 0;
  return (
    <>
      {cutAtHits(text, term).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.hit ? <Highlighted key={key}>{piece.text}</Highlighted> : piece.text;
      })}
    </>
  );
}
