package provider_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"keydesk/backend/provider"
	"keydesk/backend/verdict"
)

// The examples of FORMAT.md, put together, are a file that loads: the document
// and the program do not drift apart.
func TestFormatDocumentLoads(t *testing.T) {
	document, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(document), -1) {
		file.WriteString(block[1])
	}
	p, faults := provider.Load("FORMAT.md", []byte(file.String()))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if len(p.Rows) != 1 || p.Probe == nil || len(p.Errors) != 3 {
		t.Errorf("%+v", p)
	}
}

// XML answers and raw XML bodies need no code either.
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
	r := p.Judge(nil, verdict.Outcome{Sent: true, Status: 200, Body: []byte(`<Answer><Status>7</Status></Answer>`)})
	if r.Verdict != verdict.Refused || r.Reason != "Refused by Acme: wrong key (status 7)." || r.Field != "key" {
		t.Errorf("%+v", r)
	}
}
