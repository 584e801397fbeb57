package process

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"keydesk/backend/fault"
)

// Bounds of an imported file.
const (
	maxImportBytes = 1 << 20
	maxImportLines = 10_000
)

// Faults of import.
var (
	ErrTooLarge = fault.New(fault.Invalid, "process.import_too_large", "This file is larger than 1 MiB.").
			WithHint("Split it into smaller files and import them one by one.").
			WithField("text", "This file is larger than 1 MiB.")
	ErrTooLong = fault.New(fault.Invalid, "process.import_too_long", "This file has more than 10,000 lines.").
			WithHint("Split it into smaller files and import them one by one.").
			WithField("text", "This file has more than 10,000 lines.")
	ErrUnreadable = fault.New(fault.Invalid, "process.import_unreadable", "This file is not text in UTF-8.").
			WithHint("Save it as “CSV UTF-8” and choose it again.").
			WithField("text", "Save this file as “CSV UTF-8”.")
	ErrNoHeader = fault.New(fault.Invalid, "process.import_no_header", "The first line has to name the columns.").
			WithHint("Export the processes first and fill in that file; its first line is “Process, Sub Process, Sub Sub Process, Stage, Stage Field, Type, Required, Sample Value”.").
			WithField("text", "Name the columns in the first line, beginning with Process.")
)

// The columns of the file, in the order of the export.
const (
	colProcess = iota
	colSubProcess
	colSubSubProcess
	colStage
	colField
	colType
	colRequired
	colSample
	colCount
)

var columnNames = [colCount]string{"Process", "Sub Process", "Sub Sub Process", "Stage", "Stage Field", "Type", "Required", "Sample Value"}

// otherColumnNames are spellings of the same columns that people use.
var otherColumnNames = map[string]int{
	"stages": colStage, "stage field name": colField, "field": colField, "sample": colSample,
}

// formulaStarts are the characters at which a spreadsheet takes a cell for a
// formula, the full-width ones too.
const formulaStarts = "=+-@\t\r＝＋－＠"

// looksLikeFormula reports whether a cell has to be marked as text on export:
// it starts a formula, or it would be read back as such a mark.
func looksLikeFormula(cell string) bool {
	rest := strings.TrimLeft(cell, "'")
	return rest != "" && strings.ContainsRune(formulaStarts, firstRune(rest))
}

func firstRune(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

// guardCell puts an apostrophe before what a spreadsheet would run; bareCell
// removes it again, so that a round trip changes nothing.
func guardCell(cell string) string {
	if looksLikeFormula(cell) {
		return "'" + cell
	}
	return cell
}

func bareCell(cell string) string {
	if looksLikeFormula(cell) {
		return strings.TrimPrefix(cell, "'")
	}
	return cell
}

// csvRow is one line of a file: its cells by column, trimmed.
type csvRow struct {
	line  int
	cells [colCount]string
	// problem says why the line cannot be read.
	problem string
}

// readCSV reads a file as spreadsheets write them: with or without byte order
// mark, any line ends, separated by comma, semicolon or tab, or by what a line "sep=" names. A line that breaks
// the format is the last one returned, since it is not known where the next
// begins.
func readCSV(text string) ([]csvRow, error) {
	switch {
	case len(text) > maxImportBytes:
		return nil, ErrTooLarge
	case !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\uFFFD"):
		return nil, ErrUnreadable
	}
	// A bare CR ends lines in files of old Macs; the reader knows only LF and
	// CRLF.
	text = strings.TrimPrefix(text, "\uFEFF")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	comma, text := separator(text)
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = comma
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		return nil, ErrNoHeader
	}
	columns, ok := columnsOf(header)
	if !ok {
		return nil, ErrNoHeader
	}
	var rows []csvRow
	for {
		record, err := reader.Read()
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			return append(rows, csvRow{line: broken.StartLine, problem: "There is a quotation mark where none can be. Double it inside a quoted cell."}), nil
		case err != nil:
			return rows, nil //nolint:nilerr // the end of the text is the only other error
		}
		line, _ := reader.FieldPos(0)
		row := csvRow{line: line}
		filled := false
		for i, cell := range record {
			cell = strings.TrimSpace(bareCell(strings.TrimSpace(cell)))
			filled = filled || cell != ""
			if i < len(columns) && columns[i] >= 0 {
				row.cells[columns[i]] = cell
			} else if i >= len(columns) && cell != "" {
				row.problem = fmt.Sprintf("This line has more cells than the first line has columns (%d).", len(columns))
			}
		}
		if !filled {
			continue
		}
		if len(rows) == maxImportLines {
			return nil, ErrTooLong
		}
		rows = append(rows, row)
	}
}

// columnsOf returns which column each cell of the first line names, -1 for
// those that are not ours. Process has to be there, and no column twice.
func columnsOf(header []string) ([]int, bool) {
	known := map[string]int{}
	for i, name := range columnNames {
		known[fold(name)] = i
	}
	for name, i := range otherColumnNames {
		known[name] = i
	}
	columns := make([]int, len(header))
	seen := map[int]bool{}
	for i, name := range header {
		column, ok := known[fold(strings.TrimSpace(name))]
		if !ok {
			columns[i] = -1
			continue
		}
		if seen[column] {
			return nil, false
		}
		columns[i], seen[column] = column, true
	}
	return columns, seen[colProcess]
}

// separator is the one that a first line as "sep=;" names, which tells a
// spreadsheet how to read the file and is emptied; without it the one that occurs
// most often in the first line.
func separator(text string) (comma rune, rest string) {
	first, after, _ := strings.Cut(text, "\n")
	if sign := strings.Trim(first, `"`); len(sign) > 4 && strings.EqualFold(sign[:4], "sep=") {
		if one, size := utf8.DecodeRuneInString(sign[4:]); size == len(sign)-4 {
			return one, "\n" + after
		}
	}
	best, most := ',', 0
	for _, one := range []rune{',', ';', '\t'} {
		if count := strings.Count(first, string(one)); count > most {
			best, most = one, count
		}
	}
	return best, text
}
