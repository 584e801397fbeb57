import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { process } from "../../bridge/api";
import { useCan } from "../../bridge/can";
import type { Fault } from "../../bridge/fault";
import { write } from "../../bridge/query";
import { useConfirm } from "../../ui";
import { FieldTable } from "./FieldTable";
import { NameInPlace } from "./NameInPlace";
import styles from "./StageCard.module.css";
import { counted, named, type Stage } from "./words";

interface StageCardProps {
  stage: Stage;
  first: boolean;
  last: boolean;
  onMove: (direction: "up" | "down") => void;
  onFault: (fault: Fault | null) => void;
  /** Tells whether something typed here is not saved yet. */
  onDirty: (id: string, dirty: boolean) => void;
  onReload: () => void;
}

/** One stage with its fields. Alt with an arrow key moves it while the focus is in its header. */
export function StageCard({ stage, first, last, onMove, onFault, onDirty, onReload }: StageCardProps) {
  const confirm = useConfirm();
  const mayRename = useCan(process.RenameStage);
  const mayMove = useCan(process.MoveStage);
  const mayDelete = useCan(process.DeleteStage);
  const rename = useMutation(write(process.RenameStage));
  const remove = useMutation(write(process.DeleteStage));
  const head = useRef<HTMLDivElement>(null);
  const moved = useRef(false);

  // At the first and last position the focused button disappears, so the header takes the focus.
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    if (!head.current?.contains(document.activeElement)) head.current?.focus();
  }, [stage.position]);
  const move = (direction: "up" | "down") => {
    moved.current = true;
    onMove(direction);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!mayMove || !event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = event.key === "ArrowUp" ? "up" : event.key === "ArrowDown" ? "down" : null;
    if (!direction) return;
    event.preventDefault();
    if (direction === "up" ? !first : !last) move(direction);
  };
  const askDelete = async () => {
    const names = stage.fields.map((field) => field.name);
    const yes = await confirm({
      question: `Delete the stage “${stage.name}”?`,
      consequence:
        names.length > 0
          ? `This also deletes ${counted(names.length, "stage field")} (${named(names)}).`
          : "It has no stage fields.",
      yes: "Delete",
      no: "Keep",
      danger: true,
    });
    if (yes) {
      onFault(null);
      remove.mutate({ id: stage.id, version: stage.version }, { onError: onFault });
    }
  };

  return (
    <li className={styles.card} aria-label={`Stage ${stage.name}`}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: handles Alt with an arrow key for its buttons. */}
      <div ref={head} className={styles.head} tabIndex={-1} onKeyDown={onKeyDown}>
        <NameInPlace
          name={stage.name}
          label={`Rename stage ${stage.name}`}
          readOnly={!mayRename}
          onReload={onReload}
          onRename={(name) => rename.mutateAsync({ id: stage.id, name, version: stage.version })}
        >
          <h4 className={styles.name} dir="auto">
            {stage.name}
          </h4>
        </NameInPlace>
        <span className={styles.code} title={stage.code}>
          Code <span className="mono">{stage.code}</span>
        </span>
        <div className={styles.tools}>
          {mayMove && !first && (
            <Tooltip label="Move up (Alt+Up)">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Move stage ${stage.name} up`}
                onClick={() => move("up")}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          {mayMove && !last && (
            <Tooltip label="Move down (Alt+Down)">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Move stage ${stage.name} down`}
                onClick={() => move("down")}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          {mayDelete && (
            <Tooltip label="Delete stage">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete stage ${stage.name}`}
                onClick={() => void askDelete()}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      </div>
      <FieldTable stage={stage} onFault={onFault} onDirty={onDirty} />
    </li>
  );
}
