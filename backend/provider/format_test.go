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

// T5: a file says how its provider refuses, and where else to look for a reason.
func TestRefusedInFile(t *testing.T) {
	refusing := replaced(t, own,
		"errors:\n", `refused:
  status: '200,500'
  any_of: true
  conditions:
    - {from: text, path: '^NO', test: present}
    - {from: xml, path: //Fault, test: present}
errors:
`,
		`error_code: {from: text, path: '^ERR\|([0-9]+)'}`, `error_code:
    - {from: text, path: '^ERR\|([0-9]+)'}
    - {from: text, path: '^NO\|([0-9]+)'}
    - {from: xml, path: //Code}
  error_text: [{from: xml, path: //Reason}]`)
	p, faults := provider.Load("acme.yaml", []byte(refusing))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, c := range []struct {
		status             int
		body, reason, want string
	}{
		{200, "NO|7", "Refused by Acme: wrong key (code 7).", "key"},
		{500, "<Fault><Code>31</Code><Reason>No credit</Reason></Fault>", "Refused by Acme: No credit (code 31).", ""},
	} {
		r := p.Judge(t.Context(), nil, verdict.Outcome{Sent: true, Status: c.status, Body: []byte(c.body)})
		if r.Verdict != verdict.Refused || r.Reason != c.reason || r.Field != c.want {
			t.Errorf("%s: %+v", c.body, r)
		}
	}
	for want, text := range map[string]string{
		"not an XPath":             replaced(t, refusing, "path: //Fault", "path: '//Fault['"),
		`"paths" is not known`:     replaced(t, refusing, "{from: xml, path: //Code}", "{from: xml, paths: //Code}"),
		"group of keys":            replaced(t, refusing, "[{from: xml, path: //Reason}]", "[text]"),
		"not a regular expression": replaced(t, refusing, `'^NO\|([0-9]+)'`, `'^NO\|([0-9]+'`),
		"belongs beside success":   replaced(t, own, "errors:\n  - {code: '7', words: wrong key, do: Check the key., field: key, mark: C}\n", "refused: {conditions: [{from: text, path: NO, test: present}]}\n", own[strings.Index(own, "success:\n"):strings.Index(own, "errors:\n")], "", "success: C", "success: not documented"),
	} {
		_, faults := provider.Load("acme.yaml", []byte(text))
		line := 0
		if len(faults) > 0 {
			line = faults[0].Line
		}
		if line < 20 || !strings.Contains(faults[0].Reason, want) {
			t.Errorf("%s: %v", want, faults)
		}
	}
}
