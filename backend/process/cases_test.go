package process_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/process"
)

func csvFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// RULES.md, Processes: files as spreadsheets write them. E01: a byte order mark and
// Windows line ends are in no name. E02: the line that tells a spreadsheet its
// separator is neither a row nor the columns, and commas inside names split nothing.
func TestReportedFiles(t *testing.T) {
	for _, c := range []struct {
		id, text string
		names    []string
	}{
		{"E01", csvFile(t, "e01-bom-crlf.csv"), []string{"Sales", "Quote", "Follow-up", "Reminder"}},
		{"E02", csvFile(t, "e02-semicolon.csv"), []string{"Sales, EMEA", "Quote, new", "a,b,c,d,e", "Reminder; second"}},
		{"E02 with a mark", "\uFEFF" + csvFile(t, "e02-semicolon.csv"), []string{"Sales, EMEA", "Quote, new", "a,b,c,d,e", "Reminder; second"}},
		{"E02 decides", "sep=;\nProcess;Sub Process, and, more,;Sub Process\nA;x;b,c\n", []string{"A", "b,c"}},
		{"E02 comma", "\"sep=,\"\nProcess,Sub Process\nA,b;c\n", []string{"A", "b;c"}},
		{"E02 tab", "SEP=\t\r\nProcess\tSub Process\r\nA\tb\r\n", []string{"A", "b"}},
	} {
		t.Run(c.id, func(t *testing.T) {
			o := newOffice(t)
			preview := o.preview(c.text)
			must(o, o.Import, process.ImportInput{Text: c.text})
			var names []string
			for _, place := range o.tree().Places {
				names = append(names, place.Name)
			}
			slices.Sort(names)
			slices.Sort(c.names)
			if !slices.Equal(names, c.names) || preview.Places != len(names) || preview.Errors != 0 {
				t.Errorf("made %q, announced %+v", names, preview)
			}
			// Lines are those of the file.
			if first := 2 + strings.Count(strings.ToLower(strings.Split(c.text, "\n")[0]), "sep="); preview.Rows[0].Line != first {
				t.Errorf("the first row is line %d, not %d", preview.Rows[0].Line, first)
			}
		})
	}
}

// E01: a file in UTF-16 is refused, with the encoding that is wanted, as its bytes
// and as what a reader of UTF-8 makes of them.
func TestReportedUTF16IsRefused(t *testing.T) {
	o := newOffice(t)
	text := csvFile(t, "e01-utf16le.csv")
	for _, text := range []string{text, strings.ToValidUTF8(text, "\uFFFD"), "\uFFFD\uFFFD" + text[2:]} {
		_, err := o.PreviewImport(context.Background(), process.ImportInput{Text: text})
		if f := wantFault(t, err, process.ErrUnreadable, "text"); !strings.Contains(f.Hint, "UTF-8") {
			t.Errorf("%+v", f)
		}
	}
}
