package httpclient_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"keydesk/backend/httpclient"
	"keydesk/backend/verdict"
)

// T1: rules, extractors and suggestions read the text that the page shows, decoded
// once, in whatever alphabet the answer came.
func TestRulesReadTheShownText(t *testing.T) {
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	const said, russian = `{"id":"m-1","status":"refusé","why":"numéro invalide"}`, `{"id":"m-1","status":"refusé","why":"отказано"}`
	xml := func(declaration string) string {
		return declaration + "<r><id>m-1</id><status>refusé</status><why>numéro invalide</why></r>"
	}
	for _, c := range []struct {
		name, kind, body string
		in               encoding.Encoding
	}{
		{"Latin 1 in the header", "application/json; charset=ISO-8859-1", said, charmap.ISO8859_1},
		{"Windows in the header", "text/plain; charset=windows-1252", said, charmap.Windows1252},
		{"UTF-16 by its mark", "application/json", said, utf16},
		{"UTF-8 with a mark", "application/json", "\uFEFF" + said, encoding.Nop},
		{"another alphabet", "application/json; charset=utf-8", russian, encoding.Nop},
		{"a page's meta", "text/html", `<html><meta charset="iso-8859-1"><p>` + said, charmap.ISO8859_1},
		{"XML, in the header", "application/xml; charset=ISO-8859-1", xml(""), charmap.ISO8859_1},
		{"XML, header and declaration", "text/xml; charset=iso-8859-1", xml(`<?xml version="1.0" encoding="ISO-8859-1"?>`), charmap.ISO8859_1},
		{"XML, declaration alone", "text/xml", xml(`<?xml version="1.0" encoding="windows-1252"?>`), charmap.Windows1252},
		{"XML, the header beats the declaration", "text/xml; charset=windows-1252", xml(`<?xml version="1.0" encoding="UTF-8"?>`), charmap.Windows1252},
		{"XML, UTF-16", "text/xml", xml(`<?xml version="1.0" encoding="UTF-16"?>`), utf16},
	} {
		bytes, err := c.in.NewEncoder().String(c.body)
		if err != nil {
			t.Fatal(c.name, err)
		}
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			_, _ = w.Write([]byte(bytes))
		})
		answer := newClient(t).Do(t.Context(), request(t, "POST", server.URL, "x"), httpclient.Limits{})
		if shown, _ := httpclient.Text(answer.Body, answer.ContentType()); shown != answer.Text || !strings.Contains(shown, "refusé") {
			t.Errorf("%s: shown as %q", c.name, shown)
		}
		from, id, status, why := verdict.FromJSON, "$.id", "$.status", "$.why"
		if strings.Contains(c.name, "XML") {
			from, id, status, why = verdict.FromXML, "//id", "//status", "//why"
		}
		if c.name == "a page's meta" {
			from, id, status, why = verdict.FromText, `"id":"([^"]+)`, `"status":"([^"]+)`, `"why":"([^"]+)`
		}
		rule := &verdict.Rule{Conditions: []verdict.Condition{{From: from, Path: status, Test: verdict.Equals, Value: "refusé"}}, MessageID: verdict.Extractor{From: from, Path: id}}
		if got := verdict.Evaluate(t.Context(), rule, nil, "Acme", answer.Outcome()); got.Verdict != verdict.Accepted || got.MessageID != "m-1" {
			t.Errorf("%s, the rule: %+v", c.name, got)
		}
		// The rule that held by mistake: a word that the answer does contain.
		absent := &verdict.Rule{Conditions: []verdict.Condition{{From: verdict.FromText, Path: "refusé", Test: verdict.Absent}}, ErrorText: verdict.Extractor{From: from, Path: why}}
		if got := verdict.Evaluate(t.Context(), absent, nil, "Acme", answer.Outcome()); got.Verdict != verdict.Refused || !strings.Contains(answer.Text, got.ErrorText) || !strings.Contains(got.ErrorText, "n") && !strings.Contains(got.ErrorText, "отказано") {
			t.Errorf("%s, absent: %+v", c.name, got)
		}
		if suggested := verdict.Suggest(t.Context(), answer.Outcome()); from != verdict.FromText && suggested.MessageID.Path == "" {
			t.Errorf("%s: no rule was made: %s", c.name, suggested.Text())
		}
	}
}
