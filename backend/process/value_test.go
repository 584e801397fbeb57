package process_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"keydesk/backend/fault"
	"keydesk/backend/process"
)

// Every type takes what fits it, takes off what nobody sees, and refuses the rest
// in words (A46; RULES.md, Processes).
func TestValuesByType(t *testing.T) {
	const (
		phone   = "Write a phone number with its country code, as in +919812345678."
		number  = "Write a number with a dot, as in 1499.50."
		email   = "Write an e-mail address, as in asha@example.com."
		date    = "Write a date as YYYY-MM-DD, as in 2026-11-27."
		formula = "This is a formula of a spreadsheet. Copy its result in its place."
		whole   = "Write the whole number, without an exponent."
		control = "Remove control characters."
		lost    = "Digits were lost: a spreadsheet shortened this to "
	)
	for _, test := range []struct {
		kind        process.FieldType
		typed, want string
		problem     string // how it begins
	}{
		{process.Phone, " +91 98123 45678\u00A0", "+91 98123 45678", ""},
		{process.Phone, "\u202A+15550001\u202C", "+15550001", ""},
		{process.Phone, "+1\uFE0F-555-0002", "+1-555-0002", ""},
		{process.Phone, "0444123456", "0444123456", ""},
		{process.Phone, "+91\u00A098123\u201145678", "+91 98123-45678", ""},
		{process.Phone, "+٩١٩٨١٢٣٤٥٦٧٨", "+919812345678", ""},
		{process.Phone, "(044) 4123 4567", "(044) 4123 4567", ""},
		{process.Phone, "+49 (0)30 901820", "+49 (0)30 901820", ""},
		{process.Phone, "919812345678.0", "", "A spreadsheet made a decimal number of this. Write it without the zero after the dot."},
		{process.Phone, "+919812345678.00", "", "A spreadsheet made a decimal number of this. Write it without the zero after the dot."},
		{process.Phone, "01.23.45.67.80", "01.23.45.67.80", ""},
		{process.Phone, "9.19877E+11", "", lost + "9.19877E+11. Type the whole number."},
		{process.Phone, "9,19877e11", "", lost + "9,19877e11"},
		{process.Phone, `=HYPERLINK("http://x.test")`, "", formula},
		{process.Phone, "12", "", phone},
		{process.Phone, "call me", "", phone},
		{process.Phone, "+919812345678\n+919812345679", "", control},
		{process.Phone, "+91981234567812345678", "", phone},
		{process.Phone, "@919812345678", "", phone},
		{process.Number, "\uFEFF-1499.50", "-1499.50", ""},
		{process.Number, "\u22125", "-5", ""},
		{process.Number, "१२.५", "12.5", ""},
		{process.Number, "9.19877E+11", "", lost + "9.19877E+11"},
		{process.Number, "1E2", "", lost + "1E2"},
		{process.Number, "1.2E9999", "", lost + "1.2E9999"},
		{process.Number, "1.25E2", "", whole},
		{process.Number, "1.5e-7", "", whole},
		{process.Number, "1,5", "", number},
		{process.Number, "1 499", "", number},
		{process.Number, "=1+1", "", formula},
		{process.Email, "\u200Basha@example.com\u200E", "asha@example.com", ""},
		{process.Email, "+tag-o'neil@example.com", "+tag-o'neil@example.com", ""},
		{process.Email, "अशा@example.com", "अशा@example.com", ""},
		{process.Email, `=HYPERLINK("mailto:a@b.test")`, "", formula},
		{process.Email, "Asha <asha@example.com>", "", email},
		{process.Email, "a@example.com,b@example.com", "", email},
		{process.Email, "@SUM(1)", "", email},
		{process.Email, "asha", "", email},
		{process.Date, " 2026-11-27 ", "2026-11-27", ""},
		{process.Date, "2026\u201111\u201127", "2026-11-27", ""},
		{process.Date, "2026-11-27T10:00:00+05:30", "2026-11-27T10:00:00+05:30", ""},
		{process.Date, "2026-11-27 10:00", "2026-11-27 10:00", ""},
		{process.Date, "27.11.2026", "", date},
		{process.Date, "46353", "", date},
		{process.Date, "2026-02-30", "", date},
		{process.Boolean, "\u200EYes ", "true", ""},
		{process.Boolean, "FALSE", "false", ""},
		{process.Boolean, "1", "", "Write yes or no."},
		{process.Text, "=1+1", "=1+1", ""},
		{process.Text, "-5", "-5", ""},
		{process.Text, "9.19877E+11", "9.19877E+11", ""},
		{process.Text, "\u00A0He said \"5\\6\"\r\nok\u2028", "He said \"5\\6\"\r\nok\u2028", ""},
		{process.Text, "می\u200Cخواهم 👩\u200D👧 \u202Eabc\u202C", "می\u200Cخواهم 👩\u200D👧 abc", ""},
		{process.Text, "a\x00b", "", control},
		{process.Text, "a\x1Bb", "", control},
		{process.Text, "a\xFFb", "", "This has characters that cannot be read."},
		{process.Text, strings.Repeat("x", 64<<10+1), "", "This is longer than 64 KiB."},
		{process.Phone, " \uFEFF ", "", ""},
		{process.Number, "", "", ""},
	} {
		value, problem := process.CleanValue(test.kind, test.typed, "IN")
		if value != test.want || !strings.HasPrefix(problem, test.problem) || (problem == "") != (test.problem == "") {
			t.Errorf("%s %.40q became %q, problem %q", test.kind, test.typed, value, problem)
		}
		// What is clean stays as it is.
		if again, problem := process.CleanValue(test.kind, value, "IN"); again != value || problem != "" {
			t.Errorf("%s %.40q became %.40q when cleaned again, problem %q", test.kind, value, again, problem)
		}
	}
}

// A local number is completed with the organisation's country (R1).
func TestLocalNumberNeedsItsCountry(t *testing.T) {
	for country, want := range map[string]bool{"IN": true, "US": false, "": true} {
		if _, problem := process.CleanValue(process.Phone, "022 1234 5678", country); (problem == "") != want {
			t.Errorf("in %q: %q", country, problem)
		}
	}
}

// Numbers as a spreadsheet exports them: the shortened one and the formula are
// refused at their field, the zero stays, and marks are taken off.
func TestPhonesFromASpreadsheet(t *testing.T) {
	file, err := os.Open("testdata/e06-phones-excel.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	reader := csv.NewReader(file)
	reader.LazyQuotes = true
	lines, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	fields := []process.Field{{Name: "Mobile", Type: process.Phone}}
	want := map[string]string{"Ann": "Digits were lost", "Bob": "0444123456", "Cy": "+15550001", "Di": "+1-555-0002", "Ed": "This is a formula"}
	if len(lines) != 1+len(want) {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines[1:] {
		clean, err := process.CleanRecord(fields, map[string]string{"Mobile": line[1]}, "IN", "call.fields")
		got := clean.Values()["Mobile"]
		if err != nil {
			f := fault.From(err)
			if len(f.Fields) != 1 || f.Fields[0].Name != "record.Mobile" || !strings.HasPrefix(f.Message, "Mobile: ") {
				t.Errorf("%s: %v", line[0], err)
			}
			got = f.Fields[0].Message
		}
		if !strings.HasPrefix(got, want[line[0]]) {
			t.Errorf("%s: %q became %q", line[0], line[1], got)
		}
	}
}

// All values that do not fit are named at once, in the order of the fields, and
// nothing is cleaned in the caller's record.
func TestRecordNamesEveryValue(t *testing.T) {
	fields := []process.Field{{Name: "Mobile", Type: process.Phone}, {Name: "Due", Type: process.Date}, {Name: "Note", Type: process.Text}}
	record := map[string]string{"Due": "soon", "Mobile": "12", "Note": " hi ", "Old field": "a\x00"}
	_, err := process.CleanRecord(fields, record, "IN", "call.fields")
	f := fault.From(err)
	if f == nil || f.Code != "call.fields" || f.Kind != fault.Invalid || f.Message != "These values do not fit their stage fields: Mobile, Due, Old field." {
		t.Fatalf("%v", err)
	}
	for i, name := range []string{"record.Mobile", "record.Due", "record.Old field"} {
		if f.Fields[i].Name != name {
			t.Errorf("%d is %s", i, f.Fields[i].Name)
		}
	}
	record = map[string]string{"Note": " hi ", "Old field": "\uFEFFx"}
	clean, err := process.CleanRecord(fields, record, "IN", "call.fields")
	if err != nil || clean.Values()["Note"] != "hi" || clean.Values()["Old field"] != "x" || len(clean.Values()) != 2 || record["Note"] != " hi " {
		t.Errorf("%v %v, the caller's %v", err, clean.Values(), record)
	}
}
