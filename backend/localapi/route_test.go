package localapi

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// requests are one good request of each route of the table.
var requests = map[string]struct{ path, body string }{
	"GET /v1/key":          {"/v1/key", ""},
	"POST /v1/keys/verify": {"/v1/keys/verify", `{"key":"` + goodKey + `"}`},
	"GET /v1/setups":       {"/v1/setups?limit=1", ""},
	"GET /v1/setups/{id}":  {"/v1/setups/setup-1", ""},
	"POST /v1/calls":       {"/v1/calls", `{"process":"Orders","channel":"sms","stage":"Shipped","fields":{"Mobile":"+919812345678","Count":3,"Paid":true,"Price":1.10},"mode":"live"}`},
	"GET /v1/calls":        {"/v1/calls?mode=live", ""},
	"GET /v1/calls/{id}":   {"/v1/calls/call-1", ""},
	"GET /v1/usage":        {"/v1/usage?from=2026-11-27&to=2026-11-28", ""},
}

// Every route of the table is in the document with its scopes and parameters, and
// every documented route with a key is in the table.
func TestTableIsTheDocument(t *testing.T) {
	documented := map[string]*yaml.Node{}
	paths := member(document().root, "paths")
	for i := 0; i+1 < len(paths.Content); i += 2 {
		methods := paths.Content[i+1]
		for j := 0; j+1 < len(methods.Content); j += 2 {
			documented[strings.ToUpper(methods.Content[j].Value)+" "+paths.Content[i].Value] = methods.Content[j+1]
		}
	}
	for _, path := range public {
		if member(documented["GET "+path], "security").Kind != yaml.SequenceNode {
			t.Errorf("%s is not documented as needing no key", path)
		}
		delete(documented, "GET "+path)
	}
	for _, one := range routes {
		name := one.method + " " + one.pattern
		node, ok := documented[name]
		delete(documented, name)
		if !ok {
			t.Errorf("%s is not in the document", name)
			continue
		}
		var scopes, query []string
		for _, scope := range member(node, "x-scopes").Content {
			scopes = append(scopes, scope.Value)
		}
		for _, param := range member(node, "parameters").Content {
			if param = resolved(param); member(param, "in").Value == "query" {
				query = append(query, member(param, "name").Value)
			}
		}
		slices.Sort(query)
		if want := slices.Sorted(slices.Values(one.query)); !slices.Equal(scopes, one.scopes) || !slices.Equal(query, want) {
			t.Errorf("%s: the document has the scopes %v and the parameters %v, the table %v and %v", name, scopes, query, one.scopes, want)
		}
		if _, ok := requests[name]; !ok {
			t.Errorf("no request of the tests calls %s", name)
		}
		if member(node, "security").Kind != 0 {
			t.Errorf("%s is documented as if it needed no key", name)
		}
	}
	for name := range documented {
		t.Errorf("%s is in the document and not in the table", name)
	}
}

// The scope matrix: what each route answers to a key with each scope alone.
func TestScopeMatrix(t *testing.T) {
	w := newWorld(t)
	scopes := []string{"none", "keys:verify", "usage:read", "setups:read", "calls:simulate", "calls:send", "calls:read"}
	var b strings.Builder
	fmt.Fprintf(&b, "%-24s%s\n", "route", strings.Join(scopes, "  "))
	row := func(name, method, path, body string) {
		fmt.Fprintf(&b, "%-24s", name)
		for _, scope := range scopes {
			w.ops.mu.Lock()
			w.ops.scopes = []string{scope}
			w.ops.mu.Unlock()
			a := w.do(method, path, body)
			fmt.Fprintf(&b, "%-*d", len(scope)+2, a.status)
		}
		b.WriteString("\n")
	}
	for _, one := range routes {
		name := one.method + " " + one.pattern
		row(name, one.method, requests[name].path, requests[name].body)
		if name == "POST /v1/calls" {
			row("  mode simulate", one.method, requests[name].path, strings.Replace(requests[name].body, "live", "simulate", 1))
			row("  mode preview", one.method, requests[name].path, strings.Replace(requests[name].body, "live", "preview", 1))
		}
	}
	got := strings.ReplaceAll(b.String(), " \n", "\n")
	for strings.Contains(got, " \n") {
		got = strings.ReplaceAll(got, " \n", "\n")
	}
	const golden = "testdata/scopes.txt"
	if os.Getenv("KEYDESK_GOLDEN") == "write" {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got != string(want) {
		t.Fatalf("the scope matrix is not the golden one (%v):\n%s", err, got)
	}
}

// C02: without a key every path is 401, also one that does not exist; the paths
// that need none answer. Nothing is run.
func TestEveryPathNeedsAKey(t *testing.T) {
	w := newWorld(t)
	none := func(r *http.Request) { r.Header.Del("Authorization") }
	paths := []string{"/", "/v1", "/v1/", "/nothing", "/docs/", "/healthz/x", "/openapi.json2", "/v1/key/", "//docs", "/docs/../v1/key", "/%64ocs/x", "/in/abc", "/favicon.ico"}
	for _, one := range requests {
		paths = append(paths, one.path)
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "FOO"} {
			a := w.do(method, path, "", none)
			if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") != `x-api-key realm="Keydesk"` {
				if a.status == http.StatusTooManyRequests && method != "GET" {
					continue // throttled by now, which is 429 without a write
				}
				t.Errorf("%s %s without a key: %d %s", method, path, a.status, a.body)
			}
			w.door.failures = newLimiter[netip.Prefix](time.Now, maxCounted)
		}
	}
	if w.ops.asked != 0 {
		t.Errorf("the backend was asked %d times", w.ops.asked)
	}
	for _, path := range public {
		if a := w.do("GET", path, "", none); a.status != http.StatusOK {
			t.Errorf("%s without a key: %d %s", path, a.status, a.body)
		}
		if a := w.do("POST", path, "{}", none); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: %d %s", path, a.status, a.body)
		}
	}
}

// With a key an unknown path is 404 and a known one with another method 405. Paths
// are taken as they are, and nothing is redirected.
func TestUnknownPaths(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/v1", "/v1/key/", "//v1/key", "/v1//key", "/v1/./key", "/x/../v1/key", "/v1/setups/a%2fb", "/v1/setups/", "/v1/setups/a%20b",
		"/v1/setups/" + strings.Repeat("a", 65), "/V1/key", "/v1/key;x=1", "/v1/calls/call-1/", "/in/abc"} {
		if a := w.do("GET", path, ""); a.status != http.StatusNotFound || a.problem(t).Code != "localapi.not_found" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for request, allow := range map[string]string{"DELETE /v1/calls": "POST, GET, HEAD", "PUT /v1/key": "GET, HEAD", "GET /v1/keys/verify": "POST", "FOO /v1/setups/x": "GET, HEAD"} {
		method, path, _ := strings.Cut(request, " ")
		if a := w.do(method, path, ""); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != allow {
			t.Errorf("%s: %d, Allow %q", request, a.status, a.header.Get("Allow"))
		}
	}
	if a := w.do("HEAD", "/v1/key", ""); a.status != http.StatusOK || a.body != "" {
		t.Errorf("HEAD: %d %q", a.status, a.body)
	}
}

// Parameters that a route does not know are named, never their values.
func TestQuery(t *testing.T) {
	w := newWorld(t)
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=201": "limit", "limit=x": "limit", "limit=1&limit=2": "limit",
		"cursor=%21": "cursor", "cursor=AAAA": "cursor", "unknown=1": "unknown", "Limit=1": "Limit",
	} {
		a := w.do("GET", "/v1/setups?"+query, "")
		if p := a.problem(t); a.status != http.StatusUnprocessableEntity || len(p.Fields) != 1 || p.Fields[0].Name != field {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	for _, query := range []string{"a=%zz", "a=1;b=2"} {
		if a := w.do("GET", "/v1/setups?"+query, ""); a.status != http.StatusUnprocessableEntity || a.problem(t).Code != "localapi.query" {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	if a := w.do("GET", "/v1/key?x=1", ""); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a parameter where none is taken: %d", a.status)
	}
	// The next page is asked for with what the first one gave.
	first := w.do("GET", "/v1/setups?limit=1", "")
	_, rest, _ := strings.Cut(first.body, `"next_cursor":"`)
	cursor, _, ok := strings.Cut(rest, `"`)
	if !ok || strings.Contains(cursor, "setup-1") {
		t.Fatalf("no opaque cursor: %s", first.body)
	}
	if a := w.do("GET", "/v1/setups?limit=1&cursor="+cursor, ""); a.status != http.StatusOK || !strings.Contains(a.body, `"next_cursor":null`) {
		t.Errorf("the second page: %d %s", a.status, a.body)
	}
}

// draft-ietf-httpapi-idempotency-key-header: a text in quotes, or without.
func TestIdempotencyKey(t *testing.T) {
	w := newWorld(t)
	for given, want := range map[string]string{
		`"8e03978e-40d5"`: "8e03978e-40d5", `8e03978e-40d5`: "8e03978e-40d5", `"a\"b\\c"`: `a"b\c`, ` "a b" `: "a b",
		strings.Repeat("a", 200): strings.Repeat("a", 200), "": "-", `"`: "-", `""`: "-", `"a`: "-", `"a"b"`: "-", `"a\n"`: "-", "ä": "-",
		strings.Repeat("a", 201): "-", `"a\"`: "-",
	} {
		a := w.do("POST", "/v1/calls", requests["POST /v1/calls"].body, func(r *http.Request) { r.Header["Idempotency-Key"] = []string{given} })
		if want == "-" {
			if a.status != http.StatusBadRequest || a.problem(t).Code != "localapi.idempotency_key" {
				t.Errorf("%q: %d %s", given, a.status, a.body)
			}
			continue
		}
		if a.status != http.StatusOK || w.ops.keys[len(w.ops.keys)-1] != want {
			t.Errorf("%q: %d, read as %q", given, a.status, w.ops.keys)
		}
	}
	a := w.do("POST", "/v1/calls", requests["POST /v1/calls"].body, func(r *http.Request) { r.Header["Idempotency-Key"] = []string{"a", "b"} })
	if a.status != http.StatusBadRequest || a.problem(t).Code != "localapi.duplicate_header" {
		t.Errorf("two: %d %s", a.status, a.body)
	}
}

// Values of a record arrive as they were written; numbers keep every digit.
func TestFieldsArriveAsWritten(t *testing.T) {
	w := newWorld(t)
	a := w.do("POST", "/v1/calls", `{"process":"Orders","channel":"sms","mode":"preview","fields":{"a":4634343214213523454,"b":1.10,"c":1E2,"d":true,"e":"x\u00e4","f":""}}`)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	want := map[string]string{"a": "4634343214213523454", "b": "1.10", "c": "1E2", "d": "true", "e": "xä", "f": ""}
	for name, value := range w.ops.calls[0].Record() {
		if want[name] != value {
			t.Errorf("%s arrived as %q", name, value)
		}
	}
	if len(w.ops.calls[0].Record()) != len(want) {
		t.Errorf("got %v", w.ops.calls[0].Record())
	}
	a = w.do("POST", "/v1/calls", `{"channel":"fax","fields":{}}`)
	if p := a.problem(t); a.status != http.StatusUnprocessableEntity || len(p.Fields) != 3 {
		t.Errorf("what is needed is not all named: %s", a.body)
	}
}
