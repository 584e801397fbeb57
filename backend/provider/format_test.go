package provider_test

import (
	"os"
	"strings"
	"testing"

	"keydesk/backend/provider"
	"keydesk/backend/verdict"
)

// The example that a person saves is all of FORMAT.md, its words as comments, and
// it loads: document, example and program do not drift apart.
func TestExampleLoads(t *testing.T) {
	text := provider.Example()
	p, faults := provider.Load(provider.ExampleName, []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(p.Rows) != 1 || p.Probe == nil || len(p.Errors) != 3 || p.BuiltIn {
		t.Errorf("%+v", p)
	}
	document, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(document)) {
		for _, words := range strings.FieldsFunc(strings.TrimLeft(line, "# "), func(r rune) bool { return strings.ContainsRune("`*\n", r) }) {
			if words != "yaml" && !strings.Contains(text, words) {
				t.Errorf("the example lacks %q of the line %q", words, line)
			}
		}
	}
	if strings.Contains(text, "`") || strings.Contains(text, "# #") {
		t.Error("the example holds marks of Markdown")
	}
	for _, builtIn := range provider.New(nil).List() {
		if builtIn.ID == p.ID {
			t.Errorf("the example cannot be added: %s is built in", p.ID)
		}
	}
}

// XML answers and raw XML bodies need no code.
func TestXMLProvider(t *testing.T) {
	text := own
	for old, next := range map[string]string{
		"  method: GET\n": "  method: POST\n  body: raw_xml\n  raw_body: '<sms to=\"{{recipient|digits}}\"><text>{{message}}</text></sms>'\n",
		"    - {name: to, value: '{{recipient|digits}}'}\n    - {name: text, value: '{{message}}'}\n": "    - {name: v, value: '2'}\n",
		`{from: text, path: '^OK\|', test: present}`:                                                  `{from: xml, path: '//Status', test: equals, value: '0'}`,
		`message_id: {from: text, path: '^OK\|([^|]+)'}`:                                              `message_id: {from: xml, path: //Id}`,
		`error_code: {from: text, path: '^ERR\|([0-9]+)'}`:                                            `error_code: {from: xml, path: //Status}`,
		`'OK|{{digits:9}}|1'`: `'<Answer><Status>0</Status><Id>{{digits:9}}</Id></Answer>'`,
		`'ERR|7|key'`:         `'<Answer><Status>7</Status></Answer>'`,
		`'ERR|9|number'`:      `'<Answer><Status>9</Status></Answer>'`,
	} {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not in the file", old)
		}
		text = strings.Replace(text, old, next, 1)
	}
	p, faults := provider.Load("xml.yaml", []byte(text))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	spec := drafted(t, p, "sms", "", "", false)
	for i, f := range spec.Fixed {
		if f.Name == "message" {
			spec.Fixed[i].Value.Plain = "a < b & \"c\""
		}
	}
	contains(t, string(built(t, spec, "").Wire()), `<sms to="919812345678"><text>a &lt; b &amp; `, "/send?v=2 HTTP/1.1\r\n")
	r := p.Judge(t.Context(), nil, verdict.Outcome{Sent: true, Status: 200, Body: []byte(`<Answer><Status>7</Status></Answer>`)})
	if r.Verdict != verdict.Refused || r.Reason != "Refused by Acme: wrong key (status 7)." || r.Field != "key" {
		t.Errorf("%+v", r)
	}
}
