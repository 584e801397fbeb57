/**
 * Components that know nothing of the product. A list screen is built like this:
 *
 *     <Screen>                                   // from shell: fills the window, sets the padding
 *       <ScreenHeader title="Calls" subtitle="What went out and what came back" />
 *       <SearchBar value={search} onChange={setSearch} placeholder="Search recipient" count={countText(...)} />
 *       <DataTable label="calls" columns={columns} rows={rows} rowId={(row) => row.id}
 *         hasMore={list.hasNextPage} onMore={() => list.fetchNextPage()} loading={list.isFetching}
 *         trouble={list.error} onRetry={() => list.refetch()} empty={<EmptyState title="No calls yet." />} />
 *     </Screen>
 *
 * A form has a FormSection for each part, a SectionNav next to them, and RowsEditor and SecretInput inside.
 * `form.setErrors(fieldErrors(faultOf(cause)))` puts Go's messages at the fields, and RowsEditor takes the same record
 * as `errors` with the `path` of its rows. `useUnsaved(form.isDirty())` asks before leaving, `useHotkey({ save, test,
 * close })` handles the keys, and `useConfirm()` asks a question with two verbs. A Fault can be passed as `trouble`.
 */
export { type BarRow, BarTable } from "./BarTable";
export { BidiSafe } from "./BidiSafe";
export { CodeView } from "./CodeView";
export { type Question, useConfirm } from "./Confirm";
export { CopyButton } from "./CopyButton";
export {
  DataTable,
  type DataTableProps,
  type MoreAction,
  type RowAction,
  type Sort,
  type TableColumn,
} from "./DataTable";
export { DaysChart } from "./DaysChart";
export { Drawer, Modal } from "./Dialogs";
export type { DayFigures } from "./days";
export { EmptyState } from "./EmptyState";
export { ErrorState, type Trouble } from "./ErrorState";
export { FormSection, goTo, type SectionEntry, SectionNav } from "./FormSection";
export { FormSkeleton } from "./FormSkeleton";
export { LineInput } from "./LineInput";
export { editedLines, hasLines, pastedLines, shownLines, useLines } from "./lines";
export { Mark } from "./Mark";
export { Note } from "./Note";
export { PasswordStrength } from "./PasswordStrength";
export type { Series } from "./Patterns";
export { RelativeDate } from "./RelativeDate";
export { type CellProps, type RowsColumn, RowsEditor } from "./RowsEditor";
export { ScreenHeader } from "./ScreenHeader";
export { SearchBar } from "./SearchBar";
export { SecretInput, type SecretValue } from "./SecretInput";
export { type Segment, type SegmentLine, SegmentsView } from "./SegmentsView";
export { Sparkline } from "./Sparkline";
export { TimingBar, type Timings } from "./TimingBar";
export { countText, dayText, durationText, exactText, relativeText } from "./text";
export { useNarrow, useRem, useWide } from "./textSize";
export { useFocusKept } from "./useFocusKept";
export { useHotkey } from "./useHotkey";
export { useUnsaved } from "./useUnsaved";
export { VerdictBadge } from "./VerdictBadge";
export { Waiting } from "./Waiting";
export { wholeNumber } from "./wholeNumber";
export { withTyped } from "./withTyped";
