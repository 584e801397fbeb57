package send

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/fault"
)

var orders = Target{Process: "Orders", Stage: "Shipped", Channel: "sms"}

// one is a row as the tests name it.
type one struct {
	line   int
	target Target
	fields map[string]string
	fault  string
}

func rowsOf(t *Table) (rows []one) {
	for _, row := range t.Rows {
		r := one{line: row.Line, target: row.Target, fields: row.Fields}
		if row.Fault != nil {
			r.fields, r.fault = nil, strings.TrimPrefix(row.Fault.Field+": "+row.Fault.Message, ": ")
		}
		rows = append(rows, r)
	}
	return rows
}

type values = map[string]string

// H08: what people have is read: CSV of spreadsheets of all countries, and JSON as a
// list or one object a line. All values stay text as they were written.
func TestRead(t *testing.T) {
	t.Parallel()
	two := []one{{2, orders, values{"Mobile": "0012", "Name": "+A"}, ""}, {3, orders, values{"Mobile": "", "Name": "x y"}, ""}}
	for name, c := range map[string]struct {
		input string
		want  []one
	}{
		"commas":           {"Mobile,Name\n0012,+A\n,x y\n", two},
		"no last line end": {"Mobile,Name\n0012,+A\n,x y", two},
		"Excel in Europe":  {"\uFEFFMobile;Name\r\n0012;+A\r\n;x y\r\n", two},
		"tabs":             {"Mobile\tName\n0012\t+A\n\tx y\n", two},
		"old Macs":         {"Mobile,Name\r0012,+A\r,x y\r", two},
		"quotation marks":  {"\"Mobile\",\"Name\"\n\"0012\",\"+A\"\n\"\",\"x y\"\n", two},
		"sep=":             {"sep=|\nMobile|Name\n0012|+A\n|x y\n", []one{{3, orders, two[0].fields, ""}, {4, orders, two[1].fields, ""}}},
		"lines without values": {"Mobile,Name\n\n0012,+A\n,\n\n,x y\n,,\n",
			[]one{{3, orders, two[0].fields, ""}, {6, orders, two[1].fields, ""}}},
		"cells of several lines": {"Mobile,Name\n1,\"a\r\nb,\"\"c\"\"\"\n2,d\n",
			[]one{{2, orders, values{"Mobile": "1", "Name": "a\nb,\"c\""}, ""}, {4, orders, values{"Mobile": "2", "Name": "d"}, ""}}},
		"a semicolon in a quoted name":     {"\"A;B;C\",Name\n1,2\n", []one{{2, orders, values{"A;B;C": "1", "Name": "2"}, ""}}},
		"dates, numbers and formulas stay": {"Due,Sum,Note\n28.11.2026,\"1.234,50\",=1+1\n", []one{{2, orders, values{"Due": "28.11.2026", "Sum": "1.234,50", "Note": "=1+1"}, ""}}},
		"columns of the target": {"process,sub_process,sub_sub_process,stage,channel,fields.stage,Mobile\nReturns,Germany, Berlin ,Sent,WhatsApp Business,5,1\n,,,,,6,2\n",
			[]one{{2, Target{"Returns", "Germany", "Berlin", "Sent", "whatsapp_business"}, values{"stage": "5", "Mobile": "1"}, ""}, {3, orders, values{"stage": "6", "Mobile": "2"}, ""}}},
		"names with blanks":   {" Mobile , Name\n 1 , 2\n", []one{{2, orders, values{"Mobile": " 1 ", "Name": " 2"}, ""}}},
		"a header alone":      {"Mobile,Name\n", nil},
		"columns of no name":  {"Mobile,,\n1,,\n2,x,\n", []one{{2, orders, values{"Mobile": "1"}, ""}, {3, orders, nil, "Column 2 holds a value and has no name."}}},
		"other scripts":       {"नाम\nआशा\n", []one{{2, orders, values{"नाम": "आशा"}, ""}}},
		"more commas at ends": {"Mobile,Name\n1,2,,\n", []one{{2, orders, values{"Mobile": "1", "Name": "2"}, ""}}},

		"ragged rows": {"Mobile,Name\n1\n1,2,3\n1,2\n", []one{
			{2, orders, nil, "This row has 1 cells, and the header has 2 columns."}, {3, orders, nil, "This row has 3 cells, and the header has 2 columns."}, {4, orders, values{"Mobile": "1", "Name": "2"}, ""},
		}},
		"a quotation mark inside": {"Mobile,Name\n1,2\"\n3,4\n", []one{
			{2, orders, nil, "There is a quotation mark inside a cell. Put the cell in quotation marks and double the one inside."}, {3, orders, values{"Mobile": "3", "Name": "4"}, ""},
		}},

		"a list":          {"[\n  {\"Mobile\": \"0012\", \"Name\": \"+A\"},\n  {\"Mobile\": null, \"Name\": \"x y\"}\n]", two},
		"lines":           {"\n{\"Mobile\": \"0012\", \"Name\": \"+A\"}\n{\"Mobile\": \"\", \"Name\": \"x y\"}", two},
		"lines with CRLF": {"\uFEFF{\"Mobile\":\"1\"}\r\n\r\n{\"Mobile\":\"2\"}\r\n", []one{{1, orders, values{"Mobile": "1"}, ""}, {3, orders, values{"Mobile": "2"}, ""}}},
		"objects":         {"{\n\"Mobile\": \"1\"\n}\n{\n\"Mobile\": \"2\"}", []one{{1, orders, values{"Mobile": "1"}, ""}, {4, orders, values{"Mobile": "2"}, ""}}},
		"an empty list":   {" [ ] ", nil},
		"scalars":         {`[{"a": 919812345678901234567, "b": 1.50, "c": true, "d": false, "e": 1e2, "f": "\u00e4"}]`, []one{{1, orders, values{"a": "919812345678901234567", "b": "1.50", "c": "true", "d": "false", "e": "1e2", "f": "ä"}, ""}}},
		"the API's own":   {`[{"process": "Returns", "stage": "Sent", "channel": "email", "fields": {"stage": "5", "Mobile": "1"}, "Name": "A", "fields.process": "7"}]`, []one{{1, Target{Process: "Returns", Stage: "Sent", Channel: "email"}, values{"stage": "5", "Mobile": "1", "Name": "A", "process": "7"}, ""}}},
		"a field fields":  {`[{"fields": "x"}]`, []one{{1, orders, values{"fields": "x"}, ""}}},
		"faulty objects": {"[{\"a\": {}},\n{\"b\": [1]}, 5, {\"c\": 1, \"c\": 2},\n{\"fields\": {\"d\": 1}, \"d\": 2}, null, {\"a\": \"1\"}]", []one{
			{1, orders, nil, "a: This has to be a text, a number, true or false."}, {2, orders, nil, "b: This has to be a text, a number, true or false."},
			{2, orders, nil, "This is no object. A row is an object such as {\"Mobile\": \"+919812345678\"}."}, {2, orders, nil, "c: This member is there twice."},
			{3, orders, nil, "d: This stage field is there twice."}, {3, orders, nil, "This is no object. A row is an object such as {\"Mobile\": \"+919812345678\"}."}, {3, orders, values{"a": "1"}, ""},
		}},
		"a broken line": {"{\"a\": \"1\"}\n{\"a\": \n{\"a\": \"3\"}\n", []one{{1, orders, values{"a": "1"}, ""}, {2, orders, nil, "This line is no valid JSON."}, {3, orders, values{"a": "3"}, ""}}},
	} {
		table, err := Read([]byte(c.input), Any, orders)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, rowsOf(table), cmp.AllowUnexported(one{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for i, row := range table.Rows {
			if row.Number != i+1 {
				t.Errorf("%s: row %d has the number %d", name, i+1, row.Number)
			}
		}
	}
}

// What is wrong with the input as a whole is told before anything is sent.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		input string
		want  *fault.Error
		says  string
	}{
		"nothing":           {"", ErrEmpty, ""},
		"a mark alone":      {"\uFEFF", ErrEmpty, ""},
		"blanks":            {" \r\n\t\n", ErrEmpty, ""},
		"UTF-16":            {"\xff\xfeM\x00", ErrNotText, "UTF-16"},
		"a zero byte":       {"Mobile\n1\n2\x00\n", ErrNotText, "line 3"},
		"Latin-1":           {"Name\nM\xfcller\n", ErrNotText, "line 2"},
		"a phone number":    {"+919812345678,Asha\n", ErrHeader, "its cell 1 is the value \"+919812345678\""},
		"an e-mail address": {"Asha,asha@example.com\n", ErrHeader, "its cell 2"},
		"a date":            {"2026-11-28\n", ErrHeader, "2026-11-28"},
		"only separators":   {";;;\n1;2;3;4\n", ErrHeader, ""},
		"a name twice":      {"Mobile,Name,Mobile\n", ErrHeader, "Two columns have the name \"Mobile\"."},
		"with its prefix":   {"Mobile,fields.Mobile\n", ErrHeader, "Two columns"},
		"a target twice":    {"stage,Mobile,stage\n", ErrHeader, "Two columns"},
		"mode":              {"Mobile,mode\n1,live\n", errMode, "mode"},
		"mode in JSON":      {`[{"Mobile": "1", "mode": "live"}]`, errMode, "mode"},
		"no name":           {"fields.,Mobile\n", ErrHeader, "empty"},
		"an open quotation": {"Mobile,Name\n1,\"2\n3,4\n", ErrBroken, "line 2"},
		"after a quotation": {"Mobile,Name\n1,2\n\"3\"x,4\n", ErrBroken, "line 3"},
		"a broken list":     {"[\n{\"a\": 1},\n{\"a\": }\n]", ErrBroken, "line 3"},
		"an unended list":   {"[{\"a\": 1}", ErrBroken, "line 1"},
		"after a list":      {"[{\"a\": 1}]\nx", ErrBroken, "Something follows the list"},
		"a broken object":   {"{\n\"a\": \n}", ErrBroken, "line 3"},
	} {
		_, err := Read([]byte(c.input), Any, orders)
		known := fault.From(err)
		if known == nil || known.Code != c.want.Code || !strings.Contains(known.Message, c.says) || known.Hint == "" {
			t.Errorf("%s: %v, want %s with %q", name, err, c.want.Code, c.says)
		}
	}
	for name, c := range map[string]struct {
		input string
		usual Target
	}{
		"no process":         {"Mobile\n1\n", Target{Channel: "sms"}},
		"no channel":         {"process,Mobile\nOrders,1\n", Target{}},
		"another letter":     {"Process,channel,Mobile\nOrders,sms,1\n", Target{}},
		"a process, nowhere": {"process,channel,Mobile\n,sms,1\n", Target{}},
	} {
		if _, err := Read([]byte(c.input), Any, c.usual); fault.From(err) == nil || fault.From(err).Code != ErrTarget.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A format that is named is not guessed.
func TestFormat(t *testing.T) {
	t.Parallel()
	table, err := Read([]byte("{Mobile\n1\n"), CSV, orders)
	if err != nil || table.Rows[0].Fields["{Mobile"] != "1" {
		t.Errorf("%v %v", table, err)
	}
	if _, err := Read([]byte("Mobile\n1\n"), JSON, orders); err == nil {
		t.Error("CSV was read as JSON")
	}
}

// Some rows are a file that can be sent alone: the header is there, and each row is
// byte for byte what it was.
func TestOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		input, want, extension string
		numbers                []int
	}{
		"CSV":               {"\uFEFFMobile;\"Name\"\r\n0012;=1+1\r\n\r\n;;\r\n\"+3\";\"a\r\nb\"\r\n5;\"\"\"\"", "\uFEFFMobile;\"Name\"\r\n\"+3\";\"a\r\nb\"\r\n5;\"\"\"\"\r\n", ".csv", []int{3, 2}},
		"sep=":              {"sep=;\nMobile\n1\n2\n", "sep=;\nMobile\n2\n", ".csv", []int{2}},
		"a faulty row":      {"Mobile,Name\n1\n2,\"\"x\n3,4\n", "Mobile,Name\n1\n", ".csv", []int{1}},
		"a bare quotation":  {"Mobile,Name\n1,x\"y\n3,4\n", "Mobile,Name\n1,x\"y\n", ".csv", []int{1}},
		"a list":            {"[{\"a\": 01.5e}]", "", "", nil},
		"objects in a list": {"[ {\"a\": 1.50},\n {\"a\": \"=1\"} , {\"a\": 3}]", "[\n{\"a\": 1.50},\n{\"a\": 3}\n]\n", ".json", []int{1, 3}},
		"lines":             {"{\"a\": 1.50}\r\n{\"a\": }\r\n{\"a\":2}", "{\"a\": }\n{\"a\":2}\n", ".jsonl", []int{2, 3}},
	} {
		table, err := Read([]byte(c.input), Any, orders)
		if c.numbers == nil {
			if err == nil {
				t.Errorf("%s was read", name)
			}
			continue
		}
		if name == "a faulty row" {
			// Two quotation marks and more: not even the end of the row is known.
			if err == nil {
				t.Errorf("%s was read", name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		only := table.Only(c.numbers)
		if string(only) != c.want || table.Extension() != c.extension {
			t.Errorf("%s: %q %s, want %q", name, only, table.Extension(), c.want)
		}
		again, err := Read(only, Any, orders)
		if err != nil || len(again.Rows) != len(c.numbers) {
			t.Errorf("%s: read again: %v %v", name, again, err)
			continue
		}
		slices.Sort(c.numbers)
		for i, number := range c.numbers {
			if diff := cmp.Diff(table.Rows[number-1].Fields, again.Rows[i].Fields); diff != "" {
				t.Errorf("%s: row %d: %s", name, number, diff)
			}
		}
	}
}

// Long values and many rows are read in a moment: the time grows with the size.
func TestLongInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 32<<10)
	var csv, lines strings.Builder
	csv.WriteString("Mobile,Text\n")
	for n := range 200 {
		fmt.Fprintf(&csv, "%d,%s\n", n, long)
		line, err := json.Marshal(values{"Mobile": fmt.Sprint(n), "Text": long})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	for name, input := range map[string]string{"csv": csv.String(), "lines": lines.String(), "list": "[" + strings.ReplaceAll(strings.TrimSpace(lines.String()), "\n", ",") + "]"} {
		table, err := Read([]byte(input), Any, orders)
		if err != nil || len(table.Rows) != 200 || table.Rows[199].Fields["Text"] != long || table.Rows[199].Fields["Mobile"] != "199" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(make([]byte, MaxInput+1), Any, orders); fault.From(err).Code != ErrTooLarge.Code {
		t.Errorf("%v", err)
	}
}

// A file without a channel of its own, a digest that says what is sent, and values
// that hold a text.
func TestTable(t *testing.T) {
	t.Parallel()
	table, err := Read([]byte("channel,Mobile\nemail,1\n,2\nemail,3\n"), Any, orders)
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Targets(); len(got) != 2 || got[0].String() != "Orders / Shipped by email" || got[1] != orders || table.OneTarget() {
		t.Errorf("%v", got)
	}
	stages, err := Read([]byte("stage,process,Mobile\nA,,1\nB,Orders,2\n"), Any, orders)
	if err != nil || stages.OneTarget() || !stages.onePlace() {
		t.Errorf("stages of one place: %v %v", stages, err)
	}
	places, err := Read([]byte("stage,process,Mobile\nA,Returns,1\nA,Orders,2\n"), Any, orders)
	if err != nil || places.onePlace() {
		t.Errorf("two places: %v %v", places, err)
	}
	if !table.Holds("mail,3") || !table.Holds("channel") || table.Holds("nothing") {
		t.Error("what it holds")
	}
	other, err := Read([]byte("channel,Mobile\nemail,1\n,2\nemail,3\n"), Any, Target{Process: "Orders", Channel: "sms"})
	if err != nil || other.Digest == table.Digest {
		t.Error("another target has the same digest")
	}
	single, err := One(values{"Mobile": "secret-key"}, orders)
	if err != nil || !single.Holds("secret-key") || len(single.Only([]int{1})) > 1 {
		t.Errorf("%v %v", single, err)
	}
	if _, err := One(values{}, Target{Process: "Orders"}); fault.From(err) == nil {
		t.Error("no channel was accepted")
	}
}

// Each row has a key of its own in each run, and keeps it: also two rows of equal
// values.
func TestKeys(t *testing.T) {
	t.Parallel()
	table, err := Read([]byte("Mobile\n1\n1\n2\n"), Any, orders)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, run := range []string{"a", "b"} {
		for _, mode := range []string{Live, Simulate} {
			for _, row := range table.Rows {
				key, err := row.key(run, mode)
				again, _ := row.key(run, mode)
				if err != nil || len(key) != 64 || key != again || seen[key] {
					t.Errorf("%s %s %d: %q, then %q, %v", run, mode, row.Number, key, again, err)
				}
				seen[key] = true
			}
		}
	}
	if a, b := newRunID(), newRunID(); a == b || len(a) < 20 {
		t.Errorf("%q %q", a, b)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"Mobile,Name\n1,2\n", "\uFEFFA;B\r\n\"1\";\"2\n\"\r\n", "[{\"a\": 1}]", "{\"a\": 1}\n{\"b\": }\n", "sep=;\na\n1"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		table, err := Read(input, Any, orders)
		if err != nil {
			if known := fault.From(err); known.Kind != fault.Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		numbers := []int{}
		for _, row := range table.Rows {
			numbers = append(numbers, row.Number)
		}
		again, err := Read(table.Only(numbers), table.format, orders)
		if len(numbers) == 0 {
			return
		}
		if err != nil {
			t.Fatalf("%q became %q: %v", input, table.Only(numbers), err)
		}
		if len(again.Rows) != len(table.Rows) {
			t.Fatalf("%q became %q", input, table.Only(numbers))
		}
		for i, row := range table.Rows {
			if diff := cmp.Diff(row.Fields, again.Rows[i].Fields); diff != "" || (row.Fault == nil) != (again.Rows[i].Fault == nil) {
				t.Errorf("%q: row %d: %s", input, row.Number, diff)
			}
		}
	})
}
