import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Mark, useRem } from "../../ui";
import styles from "./PlaceTree.module.css";
import { type Line, linesOf, pathTo } from "./tree";
import { counted, levelWord, type Place, type Tree } from "./words";

interface PlaceTreeProps {
  tree: Tree;
  search: string;
  selected: string;
  onSelect: (place: Place) => void;
  /** Called when Delete is pressed on a place; missing for a person who may not delete. */
  onDelete?: (place: Place) => void;
}

/**
 * The process tree. It is one stop of the Tab key: arrows move, Right opens, Left closes, Enter shows the place, and
 * Delete asks to delete it. Only the lines in view are rendered.
 */
export function PlaceTree({ tree, search, selected, onSelect, onDelete }: PlaceTreeProps) {
  const base = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = useState(selected);

  // The place shown at the right must be visible in the tree, whichever way it was opened.
  useEffect(() => {
    if (!selected) return;
    setActiveId(selected);
    const above = pathTo(tree, selected).slice(0, -1);
    setOpen((before) =>
      above.every((place) => before.has(place.id)) ? before : new Set([...before, ...above.map((place) => place.id)]),
    );
  }, [selected, tree]);

  const lines = useMemo(() => linesOf(tree, open, search), [tree, open, search]);
  const activeIndex = lines.findIndex((line) => line.place.id === activeId);
  const active = lines[activeIndex];

  const rem = useRem();
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ((lines[index]?.stages.length ?? 0) > 0 ? 3.25 : 2) * rem,
    getItemKey: (index) => lines[index]?.place.id ?? index,
    overscan: 12,
    useFlushSync: false,
    initialRect: { width: 0, height: 800 },
  });
  // A line is higher when the search has found stages of its place, and with larger text.
  useEffect(() => virtual.measure(), [lines, rem]);

  const toggle = (id: string, to: boolean) =>
    setOpen((before) => {
      const after = new Set(before);
      if (to) after.add(id);
      else after.delete(id);
      return after;
    });
  const moveTo = (index: number) => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))];
    if (!line) return;
    setActiveId(line.place.id);
    virtual.scrollToIndex(lines.indexOf(line));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex < 0 ? 0 : activeIndex - 1,
      Home: 0,
      End: lines.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) moveTo(to);
    else if (!active) return;
    else if (event.key === "ArrowRight") {
      if (active.parent && !active.open) toggle(active.place.id, true);
      else if (active.open) moveTo(activeIndex + 1);
    } else if (event.key === "ArrowLeft") {
      if (active.open && !search.trim()) toggle(active.place.id, false);
      else moveTo(lines.findIndex((line) => line.place.id === active.place.parent_id));
    } else if (event.key === "Enter" || event.key === " ") onSelect(active.place);
    else if (event.key === "Delete" && onDelete) onDelete(active.place);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="tree"
      aria-label="Processes"
      tabIndex={0}
      aria-activedescendant={active ? `${base}-${active.place.id}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (!active && lines[0]) setActiveId(lines[0].place.id);
        // A click focuses the line, but the tree handles the keys and shows the focus ring.
        if (event.target !== event.currentTarget) event.currentTarget.focus({ preventScroll: true });
      }}
    >
      <div role="presentation" className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <TreeLine
              key={line.place.id}
              id={`${base}-${line.place.id}`}
              line={line}
              search={search}
              active={line === active}
              selected={line.place.id === selected}
              top={item.start}
              height={item.size}
              onToggle={() => toggle(line.place.id, !line.open)}
              onSelect={() => {
                setActiveId(line.place.id);
                onSelect(line.place);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface TreeLineProps {
  id: string;
  line: Line;
  search: string;
  active: boolean;
  selected: boolean;
  top: number;
  height: number;
  onToggle: () => void;
  onSelect: () => void;
}

function TreeLine({ id, line, search, active, selected, top, height, onToggle, onSelect }: TreeLineProps) {
  const { place } = line;
  const Chevron = line.open ? IconChevronDown : IconChevronRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys for its active line.
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      className={styles.line}
      aria-level={place.level}
      aria-posinset={line.position}
      aria-setsize={line.siblings}
      aria-expanded={line.parent ? line.open : undefined}
      aria-selected={selected}
      aria-label={[
        place.name,
        ...(line.stages.length > 0 ? [`Stages: ${line.stages.join(", ")}`] : []),
        levelWord(place.level),
        counted(place.setups, "setup"),
      ].join(", ")}
      data-active={active || undefined}
      style={{ height, transform: `translateY(${top}px)`, paddingInlineStart: `${(place.level - 1) * 1.25 + 0.25}rem` }}
      onClick={onSelect}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Right and Left do the same. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only for the mouse; the tree item has the name. */}
      <span
        className={styles.chevron}
        onClick={(event) => {
          if (!line.parent) return;
          event.stopPropagation();
          onToggle();
        }}
      >
        {line.parent && <Chevron size={16} aria-hidden />}
      </span>
      <span className={styles.words} dir="auto" title={place.name}>
        <span className={styles.name}>
          <Mark text={place.name} term={search} />
        </span>
        {line.stages.length > 0 && (
          <span className={styles.stages} title={line.stages.join(", ")}>
            Stages: <Mark text={line.stages.join(", ")} term={search} />
          </span>
        )}
      </span>
      {/* The style sheet shows the number, since the accessible name of the line already has it. */}
      <span
        className={styles.count}
        title={`${counted(place.setups, "setup")} here and below`}
        data-count={place.setups > 0 ? place.setups.toLocaleString("en-US") : ""}
      />
    </div>
  );
}
