import { CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { BidiSafe } from "../../ui";
import styles from "./Setup.module.css";
import { pathTo } from "./tree";

/** The place to which the list is narrowed, as the dashboard does. */
export function PlaceChip({ id, onClear }: { id: string; onClear: () => void }) {
  const tree = useQuery(read(process.Tree, undefined, { enabled: useCan(process.Tree) })).data;
  const names = tree ? pathTo(tree, id).map(({ name }) => name) : [];
  const text = names.join(" / ") || "One place";
  return (
    <span className={styles.chip} title={text}>
      <span>
        <BidiSafe text={text} />
      </span>
      <CloseButton size="xs" aria-label="Show all places" onClick={onClear} />
    </span>
  );
}
