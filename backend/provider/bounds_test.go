package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/verdict"
)

// bounded runs something that has to stay far below what it would take without a
// budget: minutes, or all memory (RULES.md, Bounds).
func bounded(t *testing.T, what string, do func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	do()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; took > 20*time.Second || bytes > 400<<20 {
		t.Errorf("%s: %v, %d MiB", what, took, bytes>>20)
	}
}

func replaced(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q is not in the file", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// A file of a user with a rule and a probe that look everywhere, and an error
// table of patterns, meets answers made to be slow.
func TestOwnRulesAreBounded(t *testing.T) {
	var table strings.Builder
	for i := range 190 {
		fmt.Fprintf(&table, "  - {text: '(?:a?){400}a{400}%d', words: w, mark: C}\n", i)
	}
	text := replaced(t, own,
		`    - {from: text, path: '^OK\|', test: present}`, `    - {from: json, path: '$..status', test: matches, value: '(ok|o?k?)+'}`,
		`  message_id: {from: text, path: '^OK\|([^|]+)'}`, `  message_id: {from: json, path: '$..id'}`,
		`  error_code: {from: text, path: '^ERR\|([0-9]+)'}`, `  error_code: {from: json, path: '$..code'}
  error_text: {from: json, path: '$..text'}`,
		"errors:\n", "errors:\n"+table.String(),
		`'OK|{{digits:9}}|1'`, `'{"status":"ok","id":"{{digits:9}}"}'`, `'ERR|7|key'`, `'{"code":7}'`, `'ERR|9|number'`, `'{"code":9}'`,
		"throttled, probe]", "throttled]\nprobe:\n  says: asks\n  mark: C\n  request: {method: GET, url: 'https://{{region}}.acme.example/{{key}}/me', auth: {type: none}}\n  success: {conditions: [{from: json, path: '$..status', test: not_equals, value: x}]}",
	)
	var p *provider.Provider
	bounded(t, "loading", func() {
		var faults []provider.FileFault
		if p, faults = provider.Load("acme.yaml", []byte(text)); len(faults) > 0 {
			t.Fatal(faults)
		}
	})
	level := `{"f":"` + strings.Repeat("x", 1100) + `","status":`
	for name, body := range map[string]string{
		"900 levels":  strings.Repeat(level, 900) + `"ok"` + strings.Repeat("}", 900),
		"6000 levels": strings.Repeat(level[:170]+`","status":`, 6000) + `"ok"` + strings.Repeat("}", 6000),
		"a long text": `{"text":"` + strings.Repeat("a", 300) + `","status":"` + strings.Repeat("ok", 2<<20) + `"}`,
		"wide":        `{"status":[` + strings.Repeat(`{"status":{"a":1}},`, 400_000) + `0]}`,
	} {
		for _, status := range []int{200, 400, 500} {
			outcome := verdict.Outcome{Sent: true, Status: status, Body: []byte(body)}
			bounded(t, name, func() {
				if r := p.Judge(t.Context(), nil, outcome); r.Verdict == verdict.Accepted || status == 200 && r.Verdict != verdict.Unclear {
					t.Errorf("%s, %d: %+v", name, status, r)
				}
			})
			bounded(t, name+", by another rule", func() {
				rule := &verdict.Rule{Conditions: []verdict.Condition{{From: verdict.FromText, Path: "(.*)*none", Test: verdict.Present}}}
				if r := p.Judge(t.Context(), rule, outcome); r.Verdict == verdict.Accepted {
					t.Errorf("%s, %d: %+v", name, status, r)
				}
			})
			bounded(t, name+", probed", func() {
				if c := p.ReadProbe(t.Context(), outcome); c.Validity == provider.Valid && name != "a long text" {
					t.Errorf("%s, %d: %+v", name, status, c)
				}
			})
		}
	}
	// The patterns of the table are on a text of 300 bytes, and their budget ends too.
	bounded(t, "the error table", func() {
		reading := verdict.Result{Verdict: verdict.Refused, Reason: "own words", ErrorText: strings.Repeat("a", 300)}
		if reason, _, _ := p.Words(t.Context(), reading, 400); reason != "own words" {
			t.Error(reason)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	began := time.Now()
	r := p.Judge(ctx, nil, verdict.Outcome{Sent: true, Status: 200, Body: []byte(strings.Repeat(level, 900) + `"ok"` + strings.Repeat("}", 900))})
	if took := time.Since(began); took > 5*time.Second || r.Verdict == verdict.Accepted {
		t.Errorf("after a cancel: %v, %+v", took, r)
	}
}

// What a small file may multiply is refused with its line, before it is worked
// through.
func TestOwnFileIsBounded(t *testing.T) {
	huge := strings.Repeat(`.{1000}`, 40)
	choices := "{id: region, label: Region, belongs: account, kind: choice, choices: [" + strings.Repeat("aa, ", 500) + "bb]}"
	for want, text := range map[string]string{
		"not a regular expression of at most 300": replaced(t, own, "'[a-z]{2}'", "'"+huge+"'"),
		"repeats too much":                        replaced(t, own, `'^OK\|'`, "'"+huge+"'"),
		"more than 200 choices":                   replaced(t, own, "{id: region, label: Region, belongs: account, pattern: '[a-z]{2}', example: eu}", choices),
		"expression of at most 300":               replaced(t, own, "{code: '7', words", "{text: '"+huge+"', words"),
	} {
		bounded(t, want, func() {
			_, faults := provider.Load("acme.yaml", []byte(text))
			if len(faults) == 0 || faults[0].Line < 13 || !strings.Contains(fmt.Sprint(faults), want) {
				t.Errorf("%s: %v", want, faults)
			}
		})
	}
}

// A value too long for its pattern is a fault at its field, not a wait.
func TestDraftIsBounded(t *testing.T) {
	p, faults := provider.Load("acme.yaml", []byte(replaced(t, own, "'[a-z]{2}', example: eu}", "'[a-z]{2}', example: eu}\n  - {id: note, label: Note, belongs: account, pattern: '(?:a{0,30}){0,30}', example: a}")))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	in := provider.Sample(p, "sms", "", "", true)
	in.Values["note"] = request.Value{Plain: strings.Repeat("a", 1<<20)}
	bounded(t, "a draft", func() {
		if _, err := p.Draft(in); err == nil {
			t.Error("1 MiB was taken")
		}
	})
}

// A pasted line of 1 MiB whose names are long and many costs little, and what is
// too much is not recognised.
func TestRecogniseIsBounded(t *testing.T) {
	catalogue := provider.New(nil)
	members := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"%d":1,`, i)
		}
		return b.String()
	}
	long := strings.Repeat("n", 500<<10)
	for name, body := range map[string]string{
		"long name":   `{"` + long + `":{` + members(50_000) + `"z":1}}`,
		"many names":  `{` + members(90_000) + `"z":1}`,
		"deep":        strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000),
		"equal names": `{"recipients":[` + strings.Repeat(`{"mobiles":"91"},`, 60_000) + `{}]}`,
	} {
		if !json.Valid([]byte(body)) {
			t.Fatal(name)
		}
		for _, url := range []string{"https://control.msg91.com/api/v5/flow", "https://api.sendgrid.com/v3/mail/send"} {
			spec := request.Spec{Method: "POST", URL: url, BodyFormat: request.RawJSON, RawBody: body}
			bounded(t, name, func() { catalogue.Recognise(t.Context(), spec) })
		}
	}
}
