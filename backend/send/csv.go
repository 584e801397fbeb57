package send

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fieldPrefix lets a column or member be a stage field although it is named like
// something else: fields.stage is the stage field "stage".
const fieldPrefix = "fields."

// readCSV reads CSV with a header (RFC 4180), as spreadsheets of all countries write
// it: separated by comma, semicolon or tab, or by what a line "sep=" names.
func (t *Table) readCSV(text []byte) error {
	text = withoutLoneCR(text)
	comma, skip := separator(text)
	if t.lineEnd = "\n"; bytes.Contains(text, []byte("\r\n")) {
		t.lineEnd = "\r\n"
	}
	reader := csv.NewReader(bytes.NewReader(text[skip:]))
	reader.Comma, reader.FieldsPerRecord = comma, -1
	header, err := reader.Read()
	if err != nil {
		return ErrHeader
	}
	if err := checkHeader(header); err != nil {
		return err
	}
	at := skip + int(reader.InputOffset())
	t.head = text[:at]
	if !bytes.HasSuffix(t.head, []byte("\n")) {
		t.head = append(slices.Clone(t.head), t.lineEnd...)
	}
	for count := (lines{text: text}); ; {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		end := skip + int(reader.InputOffset())
		raw := withoutEmptyLines(text[at:end])
		row := Row{Number: len(t.Rows) + 1, Line: count.of(end - len(raw)), raw: bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))}
		at = end
		switch {
		case errors.Is(err, csv.ErrBareQuote):
			// The cell has no quotation marks around it, so the row ends with its line.
			row.Fault = because("", "There is a quotation mark inside a cell. Put the cell in quotation marks and double the one inside.")
		case err != nil:
			return ErrBroken.WithMessage("The quotation marks of line %d do not match, so it is not known where its row ends.", row.Line)
		case !slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }):
			continue // spreadsheets leave such lines behind
		default:
			row.fill(header, cells)
		}
		t.Rows = append(t.Rows, row)
	}
}

// withoutLoneCR ends lines that a CR alone ends, in files of old Macs, with LF.
func withoutLoneCR(text []byte) []byte {
	if bytes.Count(text, []byte("\r")) == bytes.Count(text, []byte("\r\n")) {
		return text
	}
	text = slices.Clone(text)
	for i, c := range text {
		if c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			text[i] = '\n'
		}
	}
	return text
}

// withoutEmptyLines leaves out the lines before a row, which the reader passes over.
func withoutEmptyLines(raw []byte) []byte {
	for {
		rest, cut := bytes.CutPrefix(raw, []byte("\n"))
		if !cut {
			rest, cut = bytes.CutPrefix(raw, []byte("\r\n"))
		}
		if !cut {
			return raw
		}
		raw = rest
	}
}

// fill takes the cells of a row.
func (r *Row) fill(header, cells []string) {
	r.Fields = map[string]string{}
	for len(cells) > len(header) && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) != len(header) {
		r.Fault = because("", "This row has %d cells, and the header has %d columns.", len(cells), len(header))
		return
	}
	for i, cell := range cells {
		name := strings.TrimSpace(header[i])
		switch part := r.Target.member(name); {
		case part != nil:
			*part = strings.TrimSpace(cell)
		case name != "":
			r.Fields[strings.TrimPrefix(name, fieldPrefix)] = cell
		case cell != "" && r.Fault == nil:
			r.Fault = because("", "Column %d holds a value and has no name.", i+1)
		}
	}
}

// checkHeader refuses a first line that names no columns, or one of them twice.
func checkHeader(header []string) error {
	seen := map[string]bool{}
	for i, cell := range header {
		name := strings.TrimSpace(cell)
		field := strings.TrimPrefix(name, fieldPrefix)
		switch {
		case name == "":
		case name == "mode":
			return errMode
		case field == name && !looksLikeName(name):
			return ErrHeader.WithMessage("The first line has to name the columns, and its cell %d is the value %q.", i+1, shorten(name))
		case field == "":
			return ErrHeader.WithMessage("The name of column %d is empty after “fields.”.", i+1)
		}
		// A stage field named like a part of the target is not that part.
		if key := name; name != "" {
			if new(Target).member(name) == nil {
				key = fieldPrefix + field
			}
			if seen[key] {
				return ErrHeader.WithMessage("Two columns have the name %q.", shorten(name)).WithHint("Rename one of them. Nothing was sent.")
			}
			seen[key] = true
		}
	}
	if len(seen) == 0 {
		return ErrHeader
	}
	return nil
}

var errMode = ErrHeader.WithMessage("A column or member is named “mode”.").
	WithHint("Rows cannot choose it: --live sends, and without it everything is tried out. A stage field of this name is “fields.mode”.")

// looksLikeName tells names of columns from values: a file without a header begins
// with a phone number, a date or an e-mail address.
func looksLikeName(text string) bool {
	return strings.ContainsFunc(text, unicode.IsLetter) && !strings.Contains(text, "@")
}

// separator is what separates the cells, and how many bytes a line "sep=;" before
// the header takes, which tells a spreadsheet the same. Without that line it is
// what occurs most often in the first line, outside of quotation marks.
func separator(text []byte) (comma rune, skip int) {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	line := strings.Trim(strings.TrimRight(string(first), "\r"), `"`)
	if len(line) > 4 && strings.EqualFold(line[:4], "sep=") {
		if one, size := utf8.DecodeRuneInString(line[4:]); size == len(line)-4 && one != '"' && one != utf8.RuneError {
			return one, min(len(first)+1, len(text))
		}
	}
	counts, quoted := map[rune]int{}, false
	for _, r := range string(first) {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted:
			counts[r]++
		}
	}
	comma = ','
	for _, one := range []rune{';', '\t'} {
		if counts[one] > counts[comma] {
			comma = one
		}
	}
	return comma, 0
}

// shorten keeps a text from the input to what a person reads.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
