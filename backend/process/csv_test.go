package process_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"keydesk/backend/fault"
	"keydesk/backend/process"
)

const header = "Process,Sub Process,Sub Sub Process,Stage,Stage Field,Type,Required,Sample Value\n"

func (o *office) export() process.CSVFile {
	o.t.Helper()
	file, err := o.Export(context.Background(), process.ExportInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	return file
}

func (o *office) preview(text string) process.ImportPreview {
	o.t.Helper()
	preview, err := o.PreviewImport(context.Background(), process.ImportInput{Text: text})
	if err != nil {
		o.t.Fatal(err)
	}
	return preview
}

// everything reads the tree with all fields, without ids.
func (o *office) everything() []process.Stage {
	o.t.Helper()
	all := []process.Stage{}
	for _, place := range o.tree().Places {
		stages, err := o.Stages(context.Background(), process.StagesInput{PlaceID: place.ID})
		if err != nil {
			o.t.Fatal(err)
		}
		all = append(append(all, process.Stage{Name: "at " + place.Name}), stages...)
	}
	return all
}

var withoutIDs = []cmp.Option{
	cmpopts.IgnoreFields(process.Stage{}, "ID", "PlaceID", "Version"),
	cmpopts.IgnoreFields(process.Field{}, "ID", "StageID", "Version"),
}

// RULES.md, Processes: what is exported comes back the same in an empty office,
// and cells that a spreadsheet would run are kept as text.
func TestExportComesBackTheSame(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", `=cmd|' /C calc'!A0`)
	o.place(orders.ID, "@SUM(1)")
	sub := o.place(orders.ID, "'-quoted mark")
	o.place(sub.ID, "\u202eright to left\u202c طلبات 🙂")
	o.place("", "+empty")
	stage := o.stage(sub.ID, `He said "yes", twice; then left`)
	o.stage(sub.ID, "-no fields")
	for _, in := range []process.CreateFieldInput{
		{Name: "Mobile", Type: process.Phone, Required: true, Sample: "+919812345678"},
		{Name: "=1+1", Type: process.Text, Sample: "first line\nsecond, \"line\"\tand tab"},
		{Name: "'plain", Type: process.Text, Sample: "''=not a formula"},
		{Name: "Amount", Type: process.Number, Sample: "-1499.50"},
		{Name: "E-mail", Type: process.Email, Sample: "asha@example.com"},
		{Name: "Due", Type: process.Date, Sample: "2026-12-05"},
		{Name: "Paid", Type: process.Boolean, Sample: "Yes"},
	} {
		in.StageID = stage.ID
		must(o, o.CreateField, in)
	}
	file := o.export()
	if file.Name != "processes.csv" || !strings.HasPrefix(file.Text, "\uFEFFProcess,") || strings.Contains(strings.ReplaceAll(file.Text, "\r\n", ""), "\n") {
		t.Fatalf("file %q", file.Text[:40])
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Text, "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records {
		for _, cell := range record {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	want := o.everything()

	other := newOffice(t)
	made := must(other, other.Import, process.ImportInput{Text: file.Text})
	if made != (process.Imported{Places: 5, Stages: 2, Fields: 7}) {
		t.Fatalf("made %+v", made)
	}
	if diff := cmp.Diff(want, other.everything(), withoutIDs...); diff != "" {
		t.Fatal(diff)
	}
	// The second time everything is already there, in both offices.
	for _, one := range []*office{o, other} {
		_, err := write(one, one.Import, process.ImportInput{Text: one.export().Text})
		wantFault(t, err, process.ErrNothingNew, "")
	}
}

// RULES.md, Processes: files are read as spreadsheets of every country write
// them.
func TestImportReadsEveryDialect(t *testing.T) {
	plain := header + "Orders,Delivery,,Shipped,Mobile,phone,yes,+919812345678\n" + "Orders,Delivery,,Shipped,\"Note, long\",text,no,\"a\nb\"\n"
	for name, text := range map[string]string{
		"plain":             plain,
		"byte order mark":   "\uFEFF" + plain,
		"CRLF":              strings.ReplaceAll(plain, "\n", "\r\n"),
		"CR alone":          strings.ReplaceAll(plain, "\n", "\r"),
		"no last line end":  strings.TrimSuffix(plain, "\n"),
		"empty lines":       strings.ReplaceAll(plain, "Value\n", "Value\n\n,,,,,,,\n"),
		"semicolons":        "Process;Sub Process;Sub Sub Process;Stage;Stage Field;Type;Required;Sample Value\nOrders;Delivery;;Shipped;Mobile;Phone;YES;+919812345678\nOrders;Delivery;;Shipped;Note, long;;;\"a\nb\"\n",
		"tabs, other order": "sample value\tSTAGE FIELD\tStage\tSub process\tProcess\tType\tRequired\tComment\n+919812345678\tMobile\tShipped\tDelivery\tOrders\tphone\ttrue\tignored\n\"a\nb\"\tNote, long\tShipped\tDelivery\tOrders\ttext\tno\t\n",
		"blanks around":     strings.ReplaceAll(strings.ReplaceAll(plain, "Orders", "  Orders "), "phone", " Phone "),
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			made := must(o, o.Import, process.ImportInput{Text: text})
			if made != (process.Imported{Places: 2, Stages: 1, Fields: 2}) {
				t.Fatalf("made %+v", made)
			}
			fields := o.everything()[2].Fields
			if !slices.Equal(fieldNames(fields), []string{"Mobile", "Note, long"}) || fields[0].Type != process.Phone || !fields[0].Required ||
				fields[0].Sample != "+919812345678" || fields[1].Sample != "a\nb" || fields[1].Required {
				t.Fatalf("fields %+v", fields)
			}
		})
	}
}

// RULES.md, Processes: an import adds, and updates samples and types of what
// exists by code or name; it deletes nothing, moves nothing and renames
// nothing.
func TestImportAddsAndUpdatesOnly(t *testing.T) {
	o := newOffice(t)
	orders := o.place("", "Orders")
	o.place("", "Untouched")
	shipped := o.stage(orders.ID, "Shipped")
	kept := o.field(shipped.ID, "Kept")
	must(o, o.CreateField, process.CreateFieldInput{StageID: shipped.ID, Name: "Amount", Type: process.Text, Required: true, Sample: "12"})
	must(o, o.RenamePlace, process.RenameInput{ID: orders.ID, Name: "Sales", Version: 1})

	text := header +
		"orders,,,SHIPPED,amount,number,no,99.5\n" + // by code, by folded name
		"Sales,,,Shipped,New,date,,\n" +
		"Sales,,,Shipped,Kept,,,\n" +
		"Sales,Returns,,,,,,\n"
	preview := o.preview(text)
	want := []process.ImportRow{
		{Line: 2, Path: "orders / SHIPPED / amount", Makes: []string{}, Changes: []string{"Type: text to number", "Sample Value: “12” to “99.5”"}, Errors: []string{}},
		{Line: 3, Path: "Sales / Shipped / New", Makes: []string{"Stage Field New"}, Changes: []string{}, Errors: []string{}},
		{Line: 4, Path: "Sales / Shipped / Kept", Makes: []string{}, Changes: []string{}, Errors: []string{}},
		{Line: 5, Path: "Sales / Returns", Makes: []string{"Sub Process Returns"}, Changes: []string{}, Errors: []string{}},
	}
	if diff := cmp.Diff(process.ImportPreview{Rows: want, Places: 1, Fields: 1, Changed: 1}, preview); diff != "" {
		t.Fatal(diff)
	}
	if o.count("place") != 2 || o.count("stage_field") != 2 {
		t.Fatal("a preview wrote something")
	}
	made := must(o, o.Import, process.ImportInput{Text: text})
	if made != (process.Imported{Places: 1, Fields: 1, Changed: 1}) {
		t.Fatalf("made %+v", made)
	}
	if got := placeNames(o.tree().Places); !slices.Equal(got, []string{"Sales", "Returns", "Untouched"}) {
		t.Fatalf("places %v", got)
	}
	fields := o.everything()[1].Fields
	if !slices.Equal(fieldNames(fields), []string{"Kept", "Amount", "New"}) || fields[0] != kept {
		t.Fatalf("fields %+v", fields)
	}
	if amount := fields[1]; amount.Type != process.Number || amount.Sample != "99.5" || !amount.Required || amount.Version != 2 || amount.Code != "amount" {
		t.Fatalf("amount %+v", amount)
	}
}

// RULES.md, Processes: a file with a bad line is refused whole, and each bad
// line says what is wrong with it.
func TestImportErrorsByLine(t *testing.T) {
	o := newOffice(t)
	text := header +
		"Orders,,,Shipped,Mobile,phone,yes,+919812345678\n" + // 2, good
		",Delivery,,,,,,\n" +
		"Orders,,Home,,,,,\n" +
		"Orders,,,,Mobile,,,\n" +
		"Orders,,,Shipped,,text,,\n" +
		"Orders,,,Shipped,Odd,blob,,\n" +
		"Orders,,,Shipped,Odd,text,perhaps,\n" +
		"Orders,,,Shipped,Odd,number,no,\"1,5\"\n" +
		"Orders,,,Shipped,Mobile,phone,yes,+4930123456\n" + // 10, another value
		strings.Repeat("x", 101) + ",,,,,,,\n" +
		"\"two\nlines\",,,,,,,\n" +
		"Orders,,,,,,,,extra\n" + // 14: the one before has two lines
		"Orders,,,a\"b,,,,\n"
	preview := o.preview(text)
	got := map[int]string{}
	for _, row := range preview.Rows {
		if len(row.Errors) > 0 {
			got[row.Line] = strings.Join(row.Errors, " ")
			if len(row.Makes) > 0 {
				t.Errorf("line %d has an error and makes %v", row.Line, row.Makes)
			}
		}
	}
	want := map[int]string{
		3:  "Process: Fill this in.",
		4:  "Sub Process: Fill this in; a Sub Sub Process needs one.",
		5:  "Stage: Fill this in; a stage field needs one.",
		6:  "Stage Field: Fill this in; type, required and sample value need one.",
		7:  "Type: Write text, number, phone, e-mail, date or yes/no.",
		8:  "Required: Write yes or no.",
		9:  "Sample Value: Write a number with a dot, as in 1499.50.",
		10: "Line 2 already gives this field other values.",
		11: "Process: This is longer than 100 characters.",
		12: "Process: Remove line breaks and control characters.",
		14: "This line has more cells than the first line has columns (8).",
		15: "There is a quotation mark where none can be. Double it inside a quoted cell.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if preview.Errors != len(want) {
		t.Fatalf("%d errors counted, want %d", preview.Errors, len(want))
	}
	_, err := write(o, o.Import, process.ImportInput{Text: text})
	refusal := wantFault(t, err, fault.New(fault.Invalid, "process.import_errors", ""), "text")
	if refusal.Fields[0].Message != "Line 3: Process: Fill this in." || len(refusal.Fields) != len(want) {
		t.Fatalf("refusal %+v", refusal)
	}
	if o.count("place")+o.count("stage")+o.count("stage_field") != 0 {
		t.Fatal("a refused file left something")
	}
}

// RULES.md, Processes: hostile files are refused with a fault, and the largest
// allowed one is imported in bounded time.
func TestImportBounds(t *testing.T) {
	o := newOffice(t)
	for name, test := range map[string]struct {
		text string
		want *fault.Error
	}{
		"over 1 MiB":         {header + strings.Repeat("Orders,,,,,,,\n", 80_000), process.ErrTooLarge},
		"one endless cell":   {header + `"` + strings.Repeat("x", 1<<20), process.ErrTooLarge},
		"10,001 lines":       {header + strings.Repeat("Orders,,,,,,,\n", 10_001), process.ErrTooLong},
		"not UTF-8":          {header + "Gr\xf6\xdfe,,,,,,,\n", process.ErrUnreadable},
		"replaced bytes":     {header + "Gr\uFFFD\uFFFDe,,,,,,,\n", process.ErrUnreadable},
		"NUL (a UTF-16 one)": {"P\x00r\x00o\x00", process.ErrUnreadable},
		"empty":              {"", process.ErrNoHeader},
		"no header":          {"Orders,Delivery\n", process.ErrNoHeader},
		"column twice":       {"Process,Process\nA,B\n", process.ErrNoHeader},
		"header unreadable":  {"\"Process\nOrders", process.ErrNoHeader},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.PreviewImport(context.Background(), process.ImportInput{Text: test.text})
			wantFault(t, err, test.want, "text")
			_, err = write(o, o.Import, process.ImportInput{Text: test.text})
			wantFault(t, err, test.want, "text")
		})
	}
	if o.count("place") != 0 {
		t.Fatal("a refused file left something")
	}

	// These names have no ASCII character, so every code needs a suffix.
	var text strings.Builder
	text.WriteString("Process,Stage,Stage Field\n")
	for i := range 10_000 {
		fmt.Fprintf(&text, "订%c%c,阶,字\n", '一'+rune(i%100), '一'+rune(i/100))
	}
	start := time.Now()
	made := must(o, o.Import, process.ImportInput{Text: text.String()})
	if made.Places != 10_000 || made.Fields != 10_000 || o.count("stage_field") != 10_000 {
		t.Fatalf("made %+v", made)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Fatalf("took %v, and a write has 20 s", took)
	}
}
