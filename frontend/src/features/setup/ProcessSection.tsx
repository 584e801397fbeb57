import { Button, Group, MultiSelect, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import { read } from "../../bridge/query";
import { ErrorState, Waiting } from "../../ui";
import type { Place, SectionProps } from "./draft";
import type { Make, Making } from "./MakeInPlace";
import { PlaceSelect } from "./PlaceSelect";
import { childrenOf, pathTo, stagesOf, type Tree } from "./tree";
import { WhichApplies } from "./WhichApplies";

interface ProcessSectionProps extends SectionProps {
  /** The setup that is edited, empty for a new one. */
  setupId: string;
  /** "Apply to these stages": on create only. */
  stageIds?: string[];
  onStageIds?: (ids: string[]) => void;
  make: Make;
}

const levels = [
  { label: "Process", word: "process" },
  { label: "Sub Process", word: "sub process" },
  { label: "Sub Sub Process", word: "sub sub process" },
];

/** Where the setup belongs: three dependent selectors, then the stages there (A20 to A24). */
export function ProcessSection(props: ProcessSectionProps) {
  const tree = useQuery(read(process.Tree, undefined));
  if (tree.error && !tree.data) return <ErrorState trouble={tree.error} onRetry={() => tree.refetch()} />;
  if (!tree.data) return <Waiting what="Reading the processes" />;
  return <Selectors {...props} tree={tree.data} />;
}

function Selectors(props: ProcessSectionProps & { tree: Tree }) {
  const { tree, draft, change, errors, readOnly, stageIds = [], onStageIds, make } = props;
  const mayMakePlace = useCan(process.CreatePlace);
  const mayMakeStage = useCan(process.CreateStage);

  const path = pathTo(tree, draft.place_id);
  const here = path.at(-1);
  const stages = stagesOf(tree, draft.place_id);

  // A change empties the selectors below it, so that no stage of another branch stays (A24).
  const choosePlace = (placeId: string) => {
    onStageIds?.([]);
    change({ place_id: placeId, stage_id: "" });
  };
  const chooseStage = (stageId: string) => {
    onStageIds?.([]);
    change({ stage_id: stageId });
  };

  const noProcess = tree.places.length === 0;
  return (
    <>
      {noProcess && (
        <NoProcess onMake={mayMakePlace && !readOnly ? () => make(makePlace(0, undefined), choosePlace) : undefined} />
      )}
      {levels.map(({ label, word }, level) => {
        const parent = path[level - 1];
        const reachable = level === 0 || parent !== undefined;
        const options = reachable ? childrenOf(tree, parent?.id ?? "") : [];
        return (
          <PlaceSelect
            key={label}
            label={label}
            required={level === 0}
            clearable={level > 0}
            value={path[level]?.id ?? ""}
            options={options.map((place) => ({ value: place.id, label: place.name }))}
            placeholder={placeholderAt(level, reachable, options.length)}
            error={level === Math.max(0, path.length - 1) ? errors["draft.place_id"] : undefined}
            readOnly={readOnly || !reachable}
            makeLabel={mayMakePlace && reachable ? `New ${word} …` : undefined}
            onMake={() => make(makePlace(level, parent), choosePlace)}
            onChange={(id) => choosePlace(id || (parent?.id ?? ""))}
          />
        );
      })}
      <PlaceSelect
        label="Stages"
        value={draft.stage_id}
        options={
          here
            ? [
                { value: "", label: "Every stage here" },
                ...stages.map((stage) => ({ value: stage.id, label: stage.name })),
              ]
            : []
        }
        placeholder={here ? undefined : "choose a process first"}
        error={errors["draft.stage_id"]}
        readOnly={readOnly || !here}
        makeLabel={mayMakeStage && here ? "New stage …" : undefined}
        onMake={() => here && make({ kind: "stage", placeId: here.id, under: here.name }, chooseStage)}
        onChange={chooseStage}
      />
      {onStageIds && stages.length > 1 && (
        <MultiSelect
          label="Apply to these stages"
          description="One setup is made for each."
          data={stages.map((stage) => ({ value: stage.id, label: stage.name }))}
          value={stageIds.length > 0 ? stageIds : draft.stage_id ? [draft.stage_id] : []}
          searchable
          clearable
          clearButtonProps={{ "aria-label": "Clear the stages" }}
          comboboxProps={{ transitionProps: { duration: 0 } }}
          onChange={(ids) => {
            onStageIds(ids);
            change({ stage_id: ids[0] ?? "" });
          }}
        />
      )}
      {here && (
        <WhichApplies
          placeId={draft.place_id}
          stageId={draft.stage_id}
          channel={draft.channel}
          setupId={props.setupId}
        />
      )}
    </>
  );
}

function makePlace(level: number, parent: Place | undefined): Making {
  return {
    kind: "place",
    parentId: parent?.id ?? "",
    word: levels[level]?.word ?? "process",
    under: parent?.name ?? "",
  };
}

function placeholderAt(level: number, reachable: boolean, count: number): string {
  if (!reachable) return "";
  if (count === 0) return "none here";
  return level === 0 ? "Choose a process" : "All of them";
}

function NoProcess({ onMake }: { onMake?: () => void }) {
  return (
    <Group gap="sm">
      <Text>
        There is no process yet.{" "}
        {onMake ? "A setup belongs to a process." : "Someone with Can Create Processes can add one."}
      </Text>
      {onMake && (
        <Button variant="default" size="xs" onClick={onMake}>
          New process
        </Button>
      )}
    </Group>
  );
}
