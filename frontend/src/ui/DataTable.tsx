// biome-ignore-all lint/a11y/useSemanticElements: a grid that renders rows on demand cannot be a table element.
import { Menu, Skeleton, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconDotsVertical, IconSelector } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ComponentType, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import styles from "./DataTable.module.css";
import { ErrorState, type Trouble } from "./ErrorState";
import { RowHints } from "./RowHints";
import { useRem } from "./textSize";
import { Waiting } from "./Waiting";

export interface TableColumn<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** The whole text, shown on hover; by default the cell's content if it is plain text. */
  title?: (row: Row) => string;
  /** A CSS grid track with a length in it: `minmax(8rem, 1fr)` (the default) or `6rem`. */
  width?: string;
  /** The backend's name for this order; without it the header is not a button. */
  sort?: string;
  /** Numbers: tabular and aligned to the right. */
  numeric?: boolean;
}

/** An action of a row, shown as an icon at the end of the row. */
export interface RowAction<Row> {
  label: string;
  icon: ComponentType<{ size?: number }>;
  onRun: (row: Row) => void;
  /** A key that runs it on the active row: "t", "Delete". */
  hotkey?: string;
  /** Whether the action is shown for a row; it is by default. */
  shown?: (row: Row) => boolean;
}

/** A rare action of a row, behind the icon *More*. */
export interface MoreAction {
  label: string;
  icon: ComponentType<{ size?: number }>;
  onRun: () => void;
}

export interface Sort {
  by: string;
  descending: boolean;
}

export interface DataTableProps<Row> {
  /** What the list is, for screen readers. */
  label: string;
  columns: TableColumn<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  onOpen?: (row: Row) => void;
  actions?: RowAction<Row>[];
  /** The rare actions of a row; where a row has none, its *More* is not drawn. */
  more?: (row: Row) => MoreAction[];
  /** Handles any other key on the active row; returns whether it used the key. */
  onRowKey?: (key: string, row: Row) => boolean;
  /** Whether there is a next page; onMore fetches it. */
  hasMore?: boolean;
  onMore?: () => void;
  /** A page is being fetched; the skeleton is shown while there are no rows. */
  loading?: boolean;
  trouble?: Trouble | null;
  onRetry?: () => void;
  /** Shown when there are no rows and nothing is loading. */
  empty: ReactNode;
  /** Rows that are off (disabled, deleted) are shown in grey. */
  muted?: (row: Row) => boolean;
}

/**
 * A list that fetches page by page and renders only the rows in view. The grid is one stop of the Tab key: arrows, Page
 * Up and Down, Home and End move the active row, Enter opens it, and the active row's actions are the next stops.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, sort, onSort, actions = [], more, hasMore = false } = props;
  const { onMore, loading = false } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const base = useId();
  const [activeId, setActiveId] = useState<string | null>(null);
  // Rows grow with the text.
  const rowHeight = 2 * useRem();

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => (rows[index] ? rowId(rows[index]) : index),
    overscan: 12,
    // Rows are part of the first paint, before the view has been measured.
    useFlushSync: false,
    initialRect: { width: 0, height: 800 },
    // The header covers one row of the view, so scrolling to a row has to leave room for it.
    scrollPaddingEnd: rowHeight,
  });
  const measured = useRef(rowHeight);
  useEffect(() => {
    if (measured.current === rowHeight) return;
    measured.current = rowHeight;
    virtual.measure();
  }, [rowHeight, virtual]);
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? -1;

  // Near the end, ask for the next page, but only once for each number of rows.
  const askedAt = useRef(-1);
  useEffect(() => {
    if (!hasMore || loading || !onMore || props.trouble) return;
    if (lastSeen >= rows.length - 20 && askedAt.current !== rows.length) {
      askedAt.current = rows.length;
      onMore();
    }
  }, [hasMore, loading, onMore, lastSeen, rows.length, props.trouble]);
  useEffect(() => {
    if (rows.length === 0) askedAt.current = -1;
  }, [rows.length]);

  const activeIndex = activeId === null ? -1 : rows.findIndex((row) => rowId(row) === activeId);
  const active = rows[activeIndex];
  const icons = actions.length + (more ? 1 : 0);
  const tracks = [
    ...columns.map((column) => column.width ?? "minmax(8rem, 1fr)"),
    ...(icons ? [`${icons * 1.75 + 1}rem`] : []),
  ];
  // Below this width the list scrolls sideways with its header.
  const leastWidth = `calc(${tracks.map((track) => /^minmax\(([^,]+),/.exec(track)?.[1] ?? track).join(" + ")})`;

  useEffect(() => {
    const view = scroller.current;
    if (!view) return;
    const look = () => view.toggleAttribute("data-beneath", view.scrollWidth - view.clientWidth - view.scrollLeft > 1);
    look();
    view.addEventListener("scroll", look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(view);
    return () => {
      view.removeEventListener("scroll", look);
      sizes.disconnect();
    };
  }, [leastWidth]);

  const moveTo = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[to];
    if (!row) return;
    setActiveId(rowId(row));
    virtual.scrollToIndex(to);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    // A focused action button handles its own keys.
    if (event.target !== event.currentTarget) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const moves: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex < 0 ? 0 : activeIndex - 1,
      PageDown: activeIndex + pageRows,
      PageUp: activeIndex - pageRows,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
      return;
    }
    if (!active) return;
    if (event.key === "Enter") {
      event.preventDefault();
      props.onOpen?.(active);
      return;
    }
    const action = actions.find(
      (each) => each.hotkey?.toLowerCase() === event.key.toLowerCase() && (each.shown?.(active) ?? true),
    );
    if (action) {
      event.preventDefault();
      action.onRun(active);
    } else if (props.onRowKey?.(event.key, active)) {
      event.preventDefault();
    }
  };

  const nothing = rows.length === 0;
  const state = nothing ? (props.trouble ? "trouble" : loading ? "loading" : "empty") : "rows";

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        aria-label={label}
        aria-busy={loading}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-colcount={columns.length + (icons ? 1 : 0)}
        // Only rows in view are there to be named.
        aria-activedescendant={
          items.some((item) => item.index === activeIndex) && active ? `${base}-${activeId}` : undefined
        }
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target === event.currentTarget && !active && rows[0]) setActiveId(rowId(rows[0]));
          // A click puts the focus on a cell, and a closed drawer gives it back there; but the grid handles the keys.
          if (event.target.matches("[role=row], [role=gridcell]")) event.currentTarget.focus({ preventScroll: true });
        }}
        style={{ "--tracks": tracks.join(" ") } as React.CSSProperties}
      >
        <div role="presentation" style={{ width: `max(100%, ${leastWidth})` }}>
          <div role="rowgroup" className={styles.head}>
            <div role="row" tabIndex={-1} className={styles.row} aria-rowindex={1}>
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
              ))}
              {icons > 0 && (
                <div role="columnheader" tabIndex={-1} className={`${styles.cell} ${styles.actions}`}>
                  <span className="visually-hidden">Actions</span>
                </div>
              )}
            </div>
          </div>
          {state === "rows" && (
            <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
              {items.map((item) => {
                const row = rows[item.index];
                if (!row) return null;
                const id = rowId(row);
                const isActive = id === activeId;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys for its active row.
                  <div
                    key={id}
                    id={`${base}-${id}`}
                    role="row"
                    tabIndex={-1}
                    className={styles.row}
                    aria-rowindex={item.index + 2}
                    aria-selected={isActive}
                    data-muted={props.muted?.(row) || undefined}
                    data-opens={props.onOpen ? true : undefined}
                    style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                    onMouseDown={() => setActiveId(id)}
                    onClick={(event) => {
                      if ((event.target as HTMLElement).closest("button, a, input, label")) return;
                      if (window.getSelection()?.type === "Range") return;
                      props.onOpen?.(row);
                    }}
                  >
                    {columns.map((column) => {
                      const content = column.cell(row);
                      return (
                        <div
                          key={column.id}
                          role="gridcell"
                          tabIndex={-1}
                          dir="auto"
                          className={styles.cell}
                          data-numeric={column.numeric || undefined}
                          title={column.title?.(row) ?? (typeof content === "string" ? content : undefined)}
                        >
                          {content}
                        </div>
                      );
                    })}
                    {icons > 0 && (
                      <div role="gridcell" tabIndex={-1} className={`${styles.cell} ${styles.actions}`}>
                        {actions
                          .filter((action) => action.shown?.(row) ?? true)
                          .map((action) => (
                            <UnstyledButton
                              key={action.label}
                              className={styles.action}
                              aria-label={action.label}
                              data-hint={action.label}
                              tabIndex={isActive ? 0 : -1}
                              onClick={() => action.onRun(row)}
                            >
                              <action.icon size={16} />
                            </UnstyledButton>
                          ))}
                        {more && <MoreActions items={more(row)} active={isActive} />}
                      </div>
                    )}
                  </div>
                );
              })}
            </div>
          )}
        </div>
      </div>
      {icons > 0 && <RowHints within={scroller} />}
      {state === "loading" && (
        <div className={styles.below}>
          <Waiting what={`Reading ${label}`} skeleton={<SkeletonRows />} />
        </div>
      )}
      {state === "empty" && <div className={styles.below}>{props.empty}</div>}
      {state === "trouble" && props.trouble && (
        <div className={styles.below}>
          <ErrorState trouble={props.trouble} onRetry={props.onRetry} />
        </div>
      )}
      {state === "rows" && props.trouble && (
        <div className={styles.foot} role="alert">
          {props.trouble.message}
          {props.onRetry && (
            <UnstyledButton className={styles.retry} onClick={props.onRetry}>
              Retry
            </UnstyledButton>
          )}
        </div>
      )}
    </div>
  );
}

function MoreActions({ items, active }: { items: MoreAction[]; active: boolean }) {
  if (items.length === 0) return null;
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <UnstyledButton className={styles.action} aria-label="More" data-hint="More" tabIndex={active ? 0 : -1}>
          <IconDotsVertical size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((item) => (
          <Menu.Item key={item.label} leftSection={<item.icon size={16} />} onClick={item.onRun}>
            {item.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface HeaderCellProps<Row> {
  column: TableColumn<Row>;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  const by = column.sort;
  if (!by || !onSort) {
    return (
      <div role="columnheader" tabIndex={-1} className={styles.cell} data-numeric={column.numeric || undefined}>
        {column.header}
      </div>
    );
  }
  const sorted = sort?.by === by ? (sort.descending ? "descending" : "ascending") : "none";
  const Icon = sorted === "none" ? IconSelector : sorted === "ascending" ? IconChevronUp : IconChevronDown;
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      aria-sort={sorted}
      className={styles.cell}
      data-numeric={column.numeric || undefined}
    >
      <UnstyledButton
        className={styles.sorter}
        data-sorted={sorted !== "none" || undefined}
        onClick={() => onSort({ by, descending: sorted === "ascending" })}
      >
        {column.header}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </div>
  );
}

const skeletonWidths = [92, 78, 85, 70, 88, 74, 81, 66];

function SkeletonRows() {
  return (
    <div className={styles.skeleton} aria-hidden>
      {skeletonWidths.map((width) => (
        <Skeleton key={width} height="0.75rem" width={`${width}%`} />
      ))}
    </div>
  );
}
