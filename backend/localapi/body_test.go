package localapi

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"keydesk/backend/fault"
)

// RULES.md, Local API: broken JSON with line and column, unknown members by name,
// members that are there twice, depth, size.
func TestBodies(t *testing.T) {
	w := newWorld(t)
	nested := func(depth int) string {
		return `{"process":"Orders","channel":"sms","mode":"preview","fields":{"a":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}}`
	}
	for name, test := range map[string]struct {
		body   string
		status int
		code   string
		detail string
		fields string
	}{
		"empty":                        {" ", 400, "localapi.broken_json", "empty", ""},
		"ends too early":               {"{\n  \"process\": \"Or", 400, "localapi.broken_json", "line 2, column 17", ""},
		"a comma too many":             {"{\n\t\"process\": \"Orders\",\n}", 400, "localapi.broken_json", "line 3, column 1", ""},
		"columns are characters":       {"{\"ä€\": ]", 400, "localapi.broken_json", "line 1, column 8", ""},
		"single quotes":                {"{'process': 1}", 400, "localapi.broken_json", "line 1, column 2", ""},
		"something after it":           {`{"process":"Orders"} {}`, 400, "localapi.broken_json", "line 1, column 22", ""},
		"not UTF-8":                    {"{\"process\":\"\xff\"}", 400, "localapi.broken_json", "UTF-8", ""},
		"a byte order mark":            {"\xef\xbb\xbf{}", 400, "localapi.broken_json", "byte order mark", ""},
		"NaN":                          {`{"fields":{"a":NaN}}`, 400, "localapi.broken_json", "line 1, column 16", ""},
		"deep":                         {nested(63), 400, "localapi.too_deep", "64", ""},
		"deep without an end":          {strings.Repeat("[", 100_000), 400, "localapi.too_deep", "64", ""},
		"deep inside a text":           {`{"process":"` + strings.Repeat("[", 100) + `","channel":"sms","mode":"preview"}`, 200, "", "", ""},
		"unknown members":              {`{"process":"Orders","channel":"sms","mode":"preview","to":"x","Mode":"live"}`, 422, "localapi.body", "2 members", "to Mode"},
		"a member twice":               {`{"process":"Orders","channel":"sms","mode":"preview","mode":"live"}`, 422, "localapi.body", "one member", "mode"},
		"a member twice, escaped":      {`{"process":"Orders","channel":"sms","mode":"preview","m\u006fde":"live"}`, 422, "localapi.body", "one member", "mode"},
		"a field twice":                {`{"process":"Orders","channel":"sms","mode":"preview","fields":{"a":"1","a":"2"}}`, 422, "localapi.body", "one member", "fields.a"},
		"a field that is a list":       {`{"process":"Orders","channel":"sms","mode":"preview","fields":{"a":["1"]}}`, 422, "localapi.body", "one member", "fields.a"},
		"a field that is an object":    {`{"process":"Orders","channel":"sms","mode":"preview","fields":{"a":{"b":1},"c":null}}`, 422, "localapi.body", "2 members", "fields.a fields.c"},
		"fields that are a list":       {`{"process":"Orders","channel":"sms","mode":"preview","fields":[]}`, 422, "localapi.body", "one member", "fields"},
		"a number for a text":          {`{"process":1,"channel":true,"mode":null}`, 422, "localapi.body", "3 members", "process channel mode"},
		"a list for the whole":         {`[1]`, 422, "localapi.body", "one member", "body"},
		"a text for the whole":         {`"x"`, 422, "localapi.body", "one member", "body"},
		"null for the whole":           {`null`, 422, "localapi.body", "one member", "body"},
		"many unknown members":         {`{` + strings.Repeat(`"x":1,`, 1000) + `"y":2}`, 422, "localapi.body", "", ""},
		"a very long name":             {`{"` + strings.Repeat("n", 100_000) + `":1}`, 422, "localapi.body", "one member", strings.Repeat("n", 100) + "…"},
		"names that nothing refuses":   {`{"process":"Orders","channel":"sms","mode":"preview","fields":{"Any name":"1","":"x","a.b[0]":2}}`, 200, "", "", ""},
		"a charset that says the same": {`{"process":"Orders","channel":"sms","mode":"preview"}`, 200, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := w.do("POST", "/v1/calls", test.body, func(r *http.Request) {
				if strings.HasPrefix(name, "a charset") {
					r.Header.Set("Content-Type", `Application/JSON; charset="UTF-8"`)
				}
			})
			if a.status != test.status {
				t.Fatalf("got %d %.300s", a.status, a.body)
			}
			if test.status == http.StatusOK {
				return
			}
			p := a.problem(t)
			var names []string
			for _, field := range p.Fields {
				names = append(names, field.Name)
			}
			if p.Code != test.code || !strings.Contains(p.Detail, test.detail) || test.fields != "" && strings.Join(names, " ") != test.fields || len(p.Fields) > maxNamed {
				t.Errorf("got %+v", p)
			}
		})
	}
	for _, body := range []string{`{"key":""}`, `{}`, `{"key":1}`, `{"key":null}`} {
		a := w.do("POST", "/v1/keys/verify", body)
		if p := a.problem(t); a.status != http.StatusUnprocessableEntity || p.Fields[0].Name != "key" {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}

// A body of more than 1 MiB is refused without being read to its end, whether or
// not its length is said before.
func TestLargeBodies(t *testing.T) {
	w := newWorld(t)
	head := fmt.Sprintf("POST /v1/calls HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: x-api-key %s\r\nContent-Type: application/json\r\n", w.port, goodKey)
	large := `{"process":"` + strings.Repeat("a", 10<<20) + `"}`
	chunks := strings.Repeat("10000\r\n"+strings.Repeat("a", 0x10000)+"\r\n", 160) + "0\r\n\r\n"
	for name, request := range map[string]string{
		"10 MiB":                     head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(large), large),
		"10 MiB in chunks":           head + "Transfer-Encoding: chunked\r\n\r\n" + chunks,
		"a length that is a lie":     head + "Content-Length: 99999999999\r\n\r\n{}",
		"10 MiB that wait for leave": head + fmt.Sprintf("Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(large)),
	} {
		t.Run(name, func(t *testing.T) {
			got := answers(t, w.raw(request))
			if len(got) != 1 || got[0].status != http.StatusRequestEntityTooLarge || got[0].problem(t).Code != "localapi.body_too_large" {
				t.Errorf("got %+v", got)
			}
		})
	}
	exact := `{"process":"Orders","channel":"sms","mode":"preview","fields":{"a":"`
	exact += strings.Repeat("a", maxBody-len(exact)-3) + `"}}`
	if a := w.do("POST", "/v1/calls", exact); len(exact) != maxBody || a.status != http.StatusOK {
		t.Errorf("1 MiB: %d %.300s", a.status, a.body)
	}
	if a := w.do("POST", "/v1/calls", exact+" "); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("1 MiB and a byte: %d", a.status)
	}
}

// security.md 9.6, T5: what a body costs grows with its size and with nothing else. A
// long name is not copied for each of the values in it, and of 100,000 faults no more
// are kept than are told.
func TestAHostileBodyIsCheap(t *testing.T) {
	long := strings.Repeat("x", 50_000)
	for name, body := range map[string]string{
		"a list under a long name":         `{"` + long + `":[` + strings.Repeat("1,", 20_000) + `1]}`,
		"an object under a long name":      `{"` + long + `":{` + strings.Repeat(`"a":1,`, 20_000) + `"a":1}}`,
		"a list under the name of a field": `{"fields":{"` + long + `":[` + strings.Repeat("1,", 20_000) + `1]}}`,
		"unknown members, each many times": `{` + strings.Repeat(`"a":1,`, 150_000) + `"a":1}`,
		"long names in each other":         strings.Repeat(`{"`+strings.Repeat("y", 10_000)+`":`, 60) + "1" + strings.Repeat("}", 60),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := decode([]byte(body), &CallInput{})
		runtime.ReadMemStats(&after)
		if refusal := fault.From(err); refusal.Code != ErrBody.Code || len(refusal.Fields) == 0 || len(refusal.Fields) > maxNamed {
			t.Errorf("%s: %v", name, err)
		}
		if spent := (after.TotalAlloc - before.TotalAlloc) >> 20; spent > 64 {
			t.Errorf("%s: a body of %d KiB took %d MiB", name, len(body)>>10, spent)
		}
	}
}
