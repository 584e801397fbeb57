import { IconTrash } from "@tabler/icons-react";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { axeFindings, renderInShell } from "../testing/render";
import { user } from "../testing/user";
import { DataTable, type DataTableProps, type Sort, type TableColumn } from "./DataTable";
import { EmptyState } from "./EmptyState";

interface Row {
  id: string;
  name: string;
  calls: number;
}

const columns: TableColumn<Row>[] = [
  { id: "name", header: "Name", cell: (row) => row.name, sort: "name" },
  { id: "calls", header: "Calls", cell: (row) => row.calls, numeric: true },
];

function many(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: `r${index}`, name: `Setup ${index}`, calls: index }));
}

function show(props: Partial<DataTableProps<Row>>) {
  return renderInShell(
    <DataTable
      label="setups"
      columns={columns}
      rows={[]}
      rowId={(row) => row.id}
      empty={<EmptyState title="No setups yet." text="A setup tells Keydesk which API to call." />}
      {...props}
    />,
  );
}

test("of ten thousand rows only the visible ones are rendered, and the grid says how many there are", async () => {
  show({ rows: many(10_000) });
  const grid = screen.getByRole("grid", { name: "setups" });
  expect(grid.getAttribute("aria-rowcount")).toBe("10001");
  const rendered = screen.getAllByRole("row").length;
  expect(rendered).toBeGreaterThan(20);
  expect(rendered).toBeLessThan(60);
  expect(await axeFindings()).toEqual([]);
});

test("an active row that is sorted out of view is not named, as it is not drawn", async () => {
  const rows = many(2000);
  const { rerender } = show({ rows });
  await user.tab();
  const grid = screen.getByRole("grid");
  const named = () => grid.getAttribute("aria-activedescendant") ?? "";
  expect(document.getElementById(named())?.textContent).toContain("Setup 0");
  rerender(
    <DataTable label="setups" columns={columns} rows={rows.toReversed()} rowId={(row) => row.id} empty={null} />,
  );
  expect(named()).toBe("");
  expect(await axeFindings()).toEqual([]);
});

test("arrows move the active row, Enter opens it, other keys reach actions and the screen", async () => {
  const onOpen = vi.fn();
  const onRun = vi.fn();
  const onRowKey = vi.fn(() => true);
  show({ rows: many(50), onOpen, onRowKey, actions: [{ label: "Delete", icon: IconTrash, onRun, hotkey: "Delete" }] });
  await user.tab(); // the sort header is no stop here: there is no onSort
  expect(document.activeElement).toBe(screen.getByRole("grid"));
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(onOpen).toHaveBeenLastCalledWith(expect.objectContaining({ id: "r2" }));
  await user.keyboard("{End}{Enter}");
  expect(onOpen).toHaveBeenLastCalledWith(expect.objectContaining({ id: "r49" }));
  await user.keyboard("{Home}{Delete}");
  expect(onRun).toHaveBeenCalledWith(expect.objectContaining({ id: "r0" }));
  await user.keyboard("t");
  expect(onRowKey).toHaveBeenCalledWith("t", expect.objectContaining({ id: "r0" }));
  expect(onOpen).toHaveBeenCalledTimes(2);
});

test("the active row is never hidden below the list's end", async () => {
  show({ rows: many(50) });
  const grid = screen.getByRole("grid");
  Object.defineProperty(grid, "scrollHeight", { value: 51 * 32 });
  await user.tab();
  // The view is 640 px high: the head and 19 rows of 32 px, so the list has to scroll by one row for the 20th.
  await user.keyboard("{ArrowDown>18}");
  expect(grid.scrollTop).toBe(0);
  await user.keyboard("{ArrowDown}");
  expect(grid.scrollTop).toBe(32);
});

test("after a click on a row the arrows continue from it", async () => {
  const onOpen = vi.fn();
  show({ rows: many(50), onOpen });
  await user.click(screen.getByText("Setup 3"));
  expect(document.activeElement).toBe(screen.getByRole("grid"));
  await user.keyboard("{ArrowDown}{Enter}");
  expect(onOpen.mock.calls.map(([row]) => row.id)).toEqual(["r3", "r4"]);
});

test("a row's action does not open the row", async () => {
  const onOpen = vi.fn();
  const onRun = vi.fn();
  show({
    rows: many(2),
    onOpen,
    actions: [{ label: "Delete", icon: IconTrash, onRun, shown: (row) => row.id === "r1" }],
  });
  const buttons = screen.getAllByRole("button", { name: "Delete" });
  expect(buttons).toHaveLength(1);
  await user.click(buttons[0] as HTMLElement);
  expect(onRun).toHaveBeenCalledTimes(1);
  expect(onOpen).not.toHaveBeenCalled();
  await user.click(screen.getByText("Setup 0"));
  expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ id: "r0" }));
});

test("a header asks for the other order; the table itself sorts nothing", async () => {
  const asked: Sort[] = [];
  function Sorted() {
    const [sort, setSort] = useState<Sort>({ by: "", descending: false });
    const onSort = (next: Sort) => {
      asked.push(next);
      setSort(next);
    };
    const rows = [many(2)[1], many(2)[0]] as Row[];
    return (
      <DataTable
        label="setups"
        columns={columns}
        rows={rows}
        rowId={(r) => r.id}
        sort={sort}
        onSort={onSort}
        empty=""
      />
    );
  }
  renderInShell(<Sorted />);
  const header = screen.getByRole("columnheader", { name: "Name" });
  const button = within(header).getByRole("button");
  await user.click(button);
  expect(header.getAttribute("aria-sort")).toBe("ascending");
  await user.click(button);
  expect(header.getAttribute("aria-sort")).toBe("descending");
  expect(asked.map((each) => each.descending)).toEqual([false, true]);
  expect(screen.getAllByRole("row")[1]?.textContent).toContain("Setup 1");
});

test("the next page is asked for once, near the end, and not while one is being fetched", async () => {
  const onMore = vi.fn();
  const { rerender } = show({ rows: many(200), hasMore: true, onMore });
  expect(onMore).not.toHaveBeenCalled();
  const grid = screen.getByRole("grid");
  grid.scrollTop = 200 * 32 - 640;
  fireEvent.scroll(grid);
  await waitFor(() => expect(onMore).toHaveBeenCalledTimes(1));
  fireEvent.scroll(grid);
  rerender(
    <DataTable
      label="setups"
      columns={columns}
      rows={many(200)}
      rowId={(r) => r.id}
      hasMore
      loading
      onMore={onMore}
      empty=""
    />,
  );
  fireEvent.scroll(grid);
  expect(onMore).toHaveBeenCalledTimes(1);
});

test("empty, failing, and failing with rows already there", async () => {
  const onRetry = vi.fn();
  const trouble = { message: "The list could not be read.", hint: "Try again.", details: "store.busy" };
  show({}).unmount();
  show({ trouble, onRetry, loading: false });
  expect(screen.queryByText("No setups yet.")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(onRetry).toHaveBeenCalledTimes(1);
  expect(await axeFindings()).toEqual([]);
});

test("rows stay visible when a later page fails", () => {
  show({ rows: many(3), trouble: { message: "The list could not be read." } });
  expect(screen.getByText("Setup 2")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("The list could not be read.");
});

test("nothing for 150 ms, then a skeleton, words after 2 s", async () => {
  vi.useFakeTimers();
  try {
    show({ loading: true });
    expect(document.querySelector(".mantine-Skeleton-root")).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(200));
    expect(document.querySelector(".mantine-Skeleton-root")).not.toBeNull();
    expect(screen.queryByText("No setups yet.")).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(2000));
    expect(screen.getByText("Reading setups …")).toBeTruthy();
  } finally {
    vi.useRealTimers();
  }
});

test("speed: the actions of all rows share one hint, which shows where the pointer rests and goes with its row", async () => {
  const actions = [
    { label: "Edit", icon: IconTrash, onRun: () => {} },
    { label: "Delete", icon: IconTrash, onRun: () => {} },
  ];
  const { rerender } = show({ rows: many(50), actions });
  const hint = () => screen.queryByRole("tooltip")?.textContent;
  const button = (row: number, name: string) =>
    within(screen.getAllByRole("row")[row + 1] as HTMLElement).getByRole("button", { name });
  fireEvent.mouseOver(button(2, "Delete"));
  expect(hint()).toBeUndefined();
  await waitFor(() => expect(hint()).toBe("Delete"));
  fireEvent.mouseOver(button(3, "Edit"));
  await waitFor(() => expect(hint()).toBe("Edit"));
  expect(screen.getAllByRole("tooltip")).toHaveLength(1);
  fireEvent.scroll(screen.getByRole("grid"));
  await waitFor(() => expect(hint()).toBeUndefined());

  fireEvent.mouseOver(button(0, "Edit"));
  await waitFor(() => expect(hint()).toBe("Edit"));
  rerender(
    <DataTable
      label="setups"
      columns={columns}
      rows={[]}
      rowId={(row) => row.id}
      empty={<p>none</p>}
      actions={actions}
    />,
  );
  await waitFor(() => expect(hint()).toBeUndefined());
});
