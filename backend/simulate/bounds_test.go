package simulate_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"keydesk/backend/httpclient"
	"keydesk/backend/provider"
	"keydesk/backend/simulate"
)

// The simulator compares with patterns and choices of a user's file. What
// multiplies there ends with its budget, and such a request is never accepted
// (RULES.md, Bounds).
func TestSimulatorIsBounded(t *testing.T) {
	server, e := start(t), newClient(t)
	const file = `format: 1
id: own-sms
version: 1
name: Own SMS
service: Own
account: own
channels: [sms]
marks: {badge: C, request: C, success: not documented, errors: not documented}
help: Sends.
page: https://own.example/
fields:
  - {id: key, label: Key, belongs: account, secret: true}
  - {id: recipient, label: To, kind: phone, belongs: message, example: '+919812345678'}
FIELDSrecipient: recipient
request:
  method: POST
  url: 'https://own.example/'
  auth: {type: api_key, name: X-Key, value: '{{key}}', add_to: header}
REQUEST
not_documented: [wrong_credentials, bad_number, no_balance, throttled, broken, probe]
simulator: {accepted: {status: 200}, slow: {like: accepted}}
`
	var choices, params strings.Builder
	for i := range 30 {
		fmt.Fprintf(&choices, "  - {id: c%d, label: C%d, kind: choice, choices: [a, b], default: a, belongs: message}\n", i, i)
		fmt.Fprintf(&params, "    - {name: p%d, value: x, when: c%d=a}\n", i, i)
	}
	for name, one := range map[string]struct{ fields, request, body string }{
		"choices":    {choices.String(), "  body: form\n  params:\n    - {name: to, value: '{{recipient|digits}}'}\n" + params.String(), ""},
		"long names": {"", "  body: json\n  params:\n    - {name: to, value: '{{recipient|digits}}'}\n", `{"` + strings.Repeat("n", 500<<10) + `":[` + strings.Repeat("1,", 200_000) + `1]}`},
		"pattern":    {"  - {id: note, label: Note, belongs: account, pattern: '(?:a{0,30}){0,30}', example: a}\n", "  body: raw_text\n  raw_body: '{{note}}{{note}} to {{recipient|digits}}'\n", strings.Repeat("a", 1<<20)},
	} {
		p, faults := provider.Load("own.yaml", []byte(strings.NewReplacer("FIELDS", one.fields, "REQUEST", strings.TrimSuffix(one.request, "\n")).Replace(file)))
		if len(faults) > 0 {
			t.Fatal(name, faults)
		}
		addr, err := server.Play(p, provider.Accepted)
		if err != nil {
			t.Fatal(err)
		}
		spec, _ := real(t, p, "sms", true)
		spec = p.WithStandIns(spec)
		if one.body != "" {
			spec.Params, spec.RawBody = nil, one.body
			if spec.BodyFormat == "json" {
				spec.BodyFormat = "raw_json"
			}
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		answer, _ := send(t, e, spec, addr, httpclient.Limits{})
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if bytes := after.TotalAlloc - before.TotalAlloc; took > 20*time.Second || bytes > 400<<20 {
			t.Errorf("%s: %v, %d MiB", name, took, bytes>>20)
		}
		found := simulate.Findings(answer.Headers)
		if answer.Status != 400 || len(found) != 1 || !strings.Contains(found[0], "too large for the simulator") {
			t.Errorf("%s: %d %q %+v", name, answer.Status, found, answer.Failure)
		}
	}
}
