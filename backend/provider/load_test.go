package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keydesk/backend/provider"
)

// own is a small file of a user.
const own = `format: 1
id: acme-sms
version: 1
name: Acme SMS
service: Acme
account: acme
channels: [sms]
marks: {badge: U, request: U, success: C, errors: C}
help: Sends through Acme.
page: https://acme.example/docs
fields:
  - {id: key, label: Key, belongs: account, secret: true}
  - {id: region, label: Region, belongs: account, pattern: '[a-z]{2}', example: eu}
  - {id: recipient, label: To, kind: phone, belongs: message, example: '+919812345678'}
  - {id: message, label: Message, belongs: message, example: Hello}
recipient: recipient
request:
  method: GET
  url: https://{{region}}.acme.example/{{key}}/send
  auth: {type: none}
  params:
    - {name: to, value: '{{recipient|digits}}'}
    - {name: text, value: '{{message}}'}
success:
  status: '200'
  conditions:
    - {from: text, path: '^OK\|', test: present}
  message_id: {from: text, path: '^OK\|([^|]+)'}
  error_code: {from: text, path: '^ERR\|([0-9]+)'}
errors:
  - {code: '7', words: wrong key, do: Check the key., field: key, mark: C}
not_documented: [no_balance, throttled, probe]
simulator:
  accepted: {status: 200, body: 'OK|{{digits:9}}|1'}
  wrong_credentials: {status: 200, body: 'ERR|7|key'}
  bad_number: {status: 200, body: 'ERR|9|number'}
  slow: {like: accepted, delay_ms: 100}
  broken: {status: 200, body: '<html>'}
`

// An answer separated by bars and a key in the path need no code.
func TestOwnFileLoads(t *testing.T) {
	p, faults := provider.Load("acme.yaml", []byte(own))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if p.BuiltIn || p.Request.Method != "GET" {
		t.Errorf("%+v", p)
	}
}

// A faulty file is named with line and reason.
func TestFaultsNameLineAndReason(t *testing.T) {
	for _, test := range []struct {
		old, new string
		line     int
		reason   string
	}{
		{"version: 1", "version: 1\ncolour: red", 4, `The key "colour" is not known here.`},
		{"label: Key,", "label: Key, lable: Key,", 12, `The key "lable" is not known here.`},
		{"service: Acme", "service: Acme\nservice: Acme", 6, `twice`},
		{"version: 1", "version: one", 3, "a number is needed"},
		{"format: 1", "format: 2", 1, "The format must be 1"},
		{"id: acme-sms", "id: Acme SMS", 2, "small letters"},
		{"channels: [sms]", "channels: [sms, fax]", 7, `The channel "fax" is not one of`},
		{"badge: U", "badge: X", 8, "V, C or U"},
		{"page: https", "page: http", 10, "https://"},
		{"[a-z]{2}", "[a-z", 13, "not a regular expression"},
		{"[a-z]{2}", "[a-z]{3}", 13, "does not fit the example"},
		{"[a-z]{2}", "[a-z/]+", 13, "is part of the host"},
		{"pattern: '[a-z]{2}', example: eu", "example: eu", 13, "needs a pattern"},
		{"{id: region, label: Region, belongs: account,", "{id: region, label: Region, belongs: message,", 13, "Only account fields"},
		{"{id: message, label: Message, belongs: message,", "{id: message, label: Message, belongs: message, secret: true,", 15, "Only a field of the account can be secret"},
		{"https://{{region}}", "https://{{key}}", 12, "not secret can be in scheme"},
		{"https://{{region}}", "https://{{recipient}}", 14, "Only account fields"},
		{"https://{{region}}", "ftp://{{region}}", 19, "Only http and https"},
		{"'{{message}}'", "'{{massage}}'", 21, "Nothing defines massage. Add it to fields."},
		{"method: GET", "method: SEND", 18, "Choose a method"},
		{"recipient: recipient", "recipient: somebody", 16, "recipient must be the id of the field"},
		{"recipient: recipient", "recipient: key", 16, "A secret cannot be the recipient"},
		{"kind: phone, belongs: message, example: '+919812345678'", "belongs: message, default: 'x{{key|lower}}', example: '+919812345678'", 14, "A secret cannot be the recipient"},
		{"kind: phone, belongs: message, example: '+919812345678'", "belongs: message, example: '{{key}}'", 14, "A secret cannot be the recipient"},
		{"kind: phone, belongs: message, example: '+919812345678'", "kind: choice, choices: ['{{key}}', me], belongs: message", 14, "A secret cannot be the recipient"},
		{"test: present", "test: there", 27, "Choose what to ask"},
		{`'^OK\|', test`, `'^(OK', test`, 27, "regular expression"},
		{"field: key", "field: keys", 31, `There is no field "keys"`},
		{"code: '7', ", "", 31, "a code, a status or a text"},
		{"not_documented: [no_balance,", "not_documented: [", 33, "no_balance"},
		{"throttled, probe]", "throttled]", 32, "Give a probe"},
		{"wrong_credentials: {status: 200, body: 'ERR|7|key'}", "wrong_credentials: {status: 200, body: 'OK|7|key'}", 35, "is accepted"},
		{"accepted: {status: 200, body: 'OK|{{digits:9}}|1'}", "accepted: {status: 200, body: 'fine'}", 34, "is unclear"},
		{"like: accepted", "like: nothing", 37, "like must name an outcome"},
		{"id: acme-sms", "id: &a acme-sms", 2, "Anchors and aliases"},
		{"help: Sends", "help: !!binary Sends", 0, "not valid YAML"},
		{"help: Sends", "help: !own Sends", 9, "tag"},
		{"help: Sends through Acme.", "help: [Sends", 0, "not valid YAML"},
		{"recipient: recipient", "recipient: recipient\n---\nid: other", 0, ""},
	} {
		text := strings.Replace(own, test.old, test.new, 1)
		if text == own {
			t.Fatalf("%q is not in the file", test.old)
		}
		p, faults := provider.Load("acme.yaml", []byte(text))
		if p != nil || len(faults) == 0 {
			t.Errorf("%s: it loads", test.new)
			continue
		}
		found := false
		for _, f := range faults {
			found = found || f.File == "acme.yaml" && strings.Contains(f.Reason, test.reason) && (test.line == 0 || f.Line == test.line)
		}
		if !found {
			t.Errorf("%s: wanted line %d, %s; got %v", test.new, test.line, test.reason, faults)
		}
	}
}

// A large file is refused before parsing, a bomb of aliases in no time.
func TestHostileFiles(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'k'; i++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	for name, test := range map[string]struct{ text, reason string }{
		"large":  {own + "# " + strings.Repeat("x", provider.MaxFile), "can have 262144"},
		"bomb":   {bomb, "Anchors and aliases"},
		"deep":   {"a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "nested"},
		"wide":   {"a: [" + strings.Repeat("1,", 60_000) + "]", "more than 20000 parts"},
		"merge":  {"a: {x: 1}\n<<: {y: 2}\n", ""},
		"empty":  {"", "empty"},
		"list":   {"- a\n", "keys and values"},
		"binary": {"\x00\x01\xff", ""},
	} {
		began := time.Now()
		p, faults := provider.Load(name, []byte(test.text))
		if p != nil || len(faults) == 0 || !strings.Contains(faults[0].Reason, test.reason) {
			t.Errorf("%s: %v", name, faults)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// providers_load: all built-in files, read and checked.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if c := provider.New(nil); len(c.List()) == 0 {
			b.Fatal("nothing loaded")
		}
	}
}

// Any file gives a provider that can be drafted or a fault with a reason, never a
// panic, and never takes long.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(own))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("format: 1\nfields: [{id: a}]\n"))
	f.Add([]byte("? [a]\n: {b: !!map }"))
	f.Add([]byte(strings.Replace(own, "[a-z]{2}", "(((a{1,9}){1,9}){1,9}){1,9}", 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, faults := provider.Load("fuzz.yaml", data)
		if (p == nil) == (len(faults) == 0) {
			t.Fatalf("provider %v, faults %v", p != nil, faults)
		}
		for _, one := range faults {
			if one.Reason == "" || one.File != "fuzz.yaml" || strings.Contains(one.Reason, "goroutine") {
				t.Fatalf("fault %+v", one)
			}
		}
		if p == nil {
			return
		}
		for _, channel := range p.Channels {
			if _, err := p.Draft(provider.Sample(p, channel, "", "", true)); err != nil {
				t.Fatalf("it loads and cannot be drafted: %v", err)
			}
		}
	})
}
