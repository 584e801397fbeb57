package localapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

// B12, E14, E16: the whole way, as another system goes it: it asks who it is, looks
// at a setup, sees the request, tries it out, sends it, and reads the call.
func TestAClientsWay(t *testing.T) {
	o := newRealOffice(t)
	made := o.issue(nil)
	key := made.Secret

	self := into[Key](t, o.ask(key, "GET", "/v1/key", ""))
	if self.ID != made.Key.ID || self.Masked != made.Key.Mask || self.RequestsAMinute != 100_000 || self.ExpiresAt == nil || len(self.Scopes) != len(access.Scopes) || self.Status != "active" {
		t.Errorf("the key says of itself %+v", self)
	}
	page := into[SetupPage](t, o.ask(key, "GET", "/v1/setups?search=shipped&channel=sms", ""))
	if len(page.Setups) != 1 || page.Setups[0].ID != o.setupID || page.Setups[0].Process != "Orders" || page.Setups[0].SubProcess != "Delivery" || page.NextCursor != nil {
		t.Errorf("the setups are %+v", page)
	}
	detail := into[SetupDetail](t, o.ask(key, "GET", "/v1/setups/"+o.setupID, ""))
	if detail.Name != page.Setups[0].Name || *detail.Stage != "Shipped" || !strings.HasSuffix(detail.URL, "/send") || len(detail.Fields) != 2 || detail.Fields[0] != (SetupField{"Mobile", false}) || detail.AuthType != "bearer" {
		t.Errorf("the setup is %+v", detail)
	}

	preview := into[CallResult](t, o.ask(key, "POST", "/v1/calls", message("preview")))
	if preview.CallID != nil || preview.Verdict != nil || preview.Request == nil || !strings.Contains(preview.Request.Body, `"Dear Asha"`) || preview.Words != "" {
		t.Errorf("the preview is %+v", preview)
	}
	if !slices.Contains(preview.Request.Headers, HeaderLine{"Authorization", "Bearer " + secret.Mask}) {
		t.Errorf("the preview shows %+v", preview.Request.Headers)
	}
	// How many SMS it is billed as is known where a provider's file says which text is
	// the message (H08).
	if text := into[CallResult](t, o.ask(key, "POST", "/v1/calls", message("preview", trial))); text.Request.SMSSegments == nil || *text.Request.SMSSegments != 1 || preview.Request.SMSSegments != nil {
		t.Errorf("SMS: %v, and %v by hand", text.Request.SMSSegments, preview.Request.SMSSegments)
	}
	tried := into[CallResult](t, o.ask(key, "POST", "/v1/calls", message("simulate", trial)))
	if tried.CallID == nil || *tried.Verdict != "accepted" || tried.Request != nil || tried.Setup.ID == "" || tried.Setup.Name == "" {
		t.Errorf("the try is %+v", tried)
	}
	if got := o.provider.sent(); len(got) != 0 {
		t.Errorf("before a live call the provider got %q", got)
	}

	sent := into[CallResult](t, o.ask(key, "POST", "/v1/calls", message("live", func(in map[string]any) {
		in["process"], in["stage"] = "orders", "SHIPPED" // by code or name, in any case
		in["fields"].(map[string]any)["Colour"] = "red"
	})))
	if *sent.Verdict != "accepted" || sent.MessageID == nil || *sent.MessageID != "m1" || sent.Setup != (NamedSetup{o.setupID, "Order shipped"}) || sent.Provider == "" || sent.Provider != preview.Provider || sent.Words == "" {
		t.Errorf("the call is %+v", sent)
	}
	if fmt.Sprint(sent.IgnoredFields) != "[Colour]" || len(sent.Why) != 1 || sent.Why[0].Place != "Delivery" || *sent.Why[0].Stage != "Shipped" || sent.Why[0].Found != "won" {
		t.Errorf("ignored %v, why %+v", sent.IgnoredFields, sent.Why)
	}
	if got := o.provider.sent(); len(got) != 1 || got[0] != `{"to":"+919812345678","text":"Dear Asha"}` || o.provider.auth[0] != "Bearer "+providerToken {
		t.Errorf("the provider got %q, %q", got, o.provider.auth)
	}

	kept := into[KeptCall](t, o.ask(key, "GET", "/v1/calls/"+*sent.CallID, ""))
	if kept.Mode != "live" || kept.State != "done" || *kept.Verdict != "accepted" || kept.Recipient != "+919812345678" || kept.Words != sent.Words {
		t.Errorf("the kept call is %+v", kept)
	}
	first := into[CallPage](t, o.ask(key, "GET", "/v1/calls?limit=1", ""))
	if len(first.Calls) != 1 || first.Calls[0].ID != kept.ID || first.NextCursor == nil {
		t.Fatalf("the first page is %+v", first)
	}
	second := into[CallPage](t, o.ask(key, "GET", "/v1/calls?limit=1&cursor="+*first.NextCursor, ""))
	if len(second.Calls) != 1 || second.Calls[0].ID != *tried.CallID || second.Calls[0].Mode != ModeSimulate || second.NextCursor != nil {
		t.Errorf("the second page is %+v", second)
	}

	verified := into[Verified](t, o.ask(key, "POST", "/v1/keys/verify", `{"key":"`+key+`"}`))
	if !verified.Good || verified.Reason != "" || verified.Key == nil || verified.Key.ID != made.Key.ID {
		t.Errorf("verified %+v", verified)
	}
	o.accesses()
	usage := into[Usage](t, o.ask(key, "GET", "/v1/usage", ""))
	if len(usage.Keys) != 1 || usage.Keys[0].Title != "CRM" || usage.Keys[0].Requests != 11 || usage.Keys[0].Refused != 0 || usage.Keys[0].LastUsedAt == nil || len(usage.Keys[0].Days) == 0 {
		t.Errorf("the usage is %+v", usage)
	}
	// A span has what was counted in it, also where it is before all counting.
	for _, span := range []string{"from=1960-01-01&to=1960-01-31", "to=1969-12-31", "from=0000-01-01&to=0000-01-02", "from=9999-12-31&to=9999-12-31"} {
		if usage := into[Usage](t, o.ask(key, "GET", "/v1/usage?"+span, "")); len(usage.Keys) != 0 {
			t.Errorf("the usage with %s is %+v", span, usage)
		}
	}
	// The history says which key it was (activity too).
	calls := run(o, o.host.Ops.Call.List, call.ListInput{})
	if calls.Calls[0].Actor.Kind != "key" || calls.Calls[0].Actor.ID != made.Key.ID || calls.Calls[0].Actor.Source != "api" {
		t.Errorf("the actor is %+v", calls.Calls[0].Actor)
	}
}

// C36: whatever is wrong with a key, a stranger is told the same; the office's
// own log and Check a key say what it is. Each other kind of bad input has a problem
// document of its own.
func TestBadInput(t *testing.T) {
	o := newRealOffice(t)
	ops := &o.host.Ops
	good := o.issue(nil)
	ended := map[string]apikey.Issued{}
	for _, how := range []string{"disabled", "revoked", "deleted"} {
		ended[how] = o.issue(func(in *apikey.CreateInput) { in.Title = how })
	}
	ended["expired"] = o.issue(func(in *apikey.CreateInput) { in.Title, in.Expires.Days = "expired", 1 })
	run(o, ops.Apikey.Disable, apikey.IDInput{ID: ended["disabled"].Key.ID})
	run(o, ops.Apikey.Revoke, apikey.IDInput{ID: ended["revoked"].Key.ID})
	run(o, ops.Apikey.Delete, apikey.IDInput{ID: ended["deleted"].Key.ID})
	away := o.issue(func(in *apikey.CreateInput) { in.Grants.Sources = []string{"10.0.0.0/8"} })
	few := o.issue(func(in *apikey.CreateInput) { in.Grants.PerMinute = 1 })
	narrow := o.issue(nil, access.ReadCalls)
	elsewhere := o.issue(func(in *apikey.CreateInput) { in.Grants.Channels = []string{"email"} })
	o.ask(few.Secret, "GET", "/v1/key", "")
	o.wait(24*time.Hour + time.Second)

	changed := []byte(good.Secret)
	changed[20]++
	if changed[20] > 'z' || changed[20] == 'Z'+1 || changed[20] == '9'+1 {
		changed[20] = 'A'
	}
	raw := func(header string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Authorization"] = []string{header} }
	}
	live := func(change func(map[string]any)) string { return message("live", change) }
	fields := func(in map[string]any) map[string]any { return in["fields"].(map[string]any) }

	for _, c := range []struct {
		name, key, method, path, body string
		change                        func(*http.Request)
		status                        int
		code                          string
		says                          string
	}{
		{"no header", "", "GET", "/v1/key", "", nil, 401, "localapi.no_key", "carries no API key"},
		{"the wrong scheme", "", "GET", "/v1/key", "", raw("Basic " + good.Secret), 401, "localapi.key_malformed", "scheme"},
		{"no scheme", "", "GET", "/v1/key", "", raw(good.Secret), 401, "localapi.key_malformed", "names no scheme"},
		{"two headers", good.Secret, "GET", "/v1/key", "", func(r *http.Request) { r.Header.Set("X-API-Key", good.Secret) }, 400, "localapi.two_credentials", "more than one"},
		{"a key in the query", good.Secret, "GET", "/v1/key?api_key=" + good.Secret, "", nil, 400, "localapi.key_in_url", "address"},
		{"a blank inside", "", "GET", "/v1/key", "", raw("x-api-key " + good.Secret[:30] + " " + good.Secret[30:]), 401, "localapi.key_malformed", "blank inside"},
		{"one letter changed", string(changed), "GET", "/v1/key", "", nil, 401, "apikey.unknown", "not valid"},
		{"expired", ended["expired"].Secret, "GET", "/v1/key", "", nil, 401, "apikey.unknown", "not valid"},
		{"revoked", ended["revoked"].Secret, "GET", "/v1/key", "", nil, 401, "apikey.unknown", "not valid"},
		{"disabled", ended["disabled"].Secret, "GET", "/v1/key", "", nil, 401, "apikey.unknown", "not valid"},
		{"deleted", ended["deleted"].Secret, "GET", "/v1/key", "", nil, 401, "apikey.unknown", "not valid"},
		{"out of scope", narrow.Secret, "GET", "/v1/setups", "", nil, 403, "access.scope", "needs the scope setups:read"},
		{"a live call without the scope", o.issue(nil, access.SimulateCalls).Secret, "POST", "/v1/calls", message("live"), nil, 403, "access.scope", "needs the scope calls:send"},
		{"a channel that is not the key's", elsewhere.Secret, "POST", "/v1/calls", message("live"), nil, 403, "call.out_of_reach", "channel SMS"},
		{"from a wrong address", away.Secret, "GET", "/v1/key", "", nil, 403, "apikey.source", "may not be used from here"},
		{"over the limit", few.Secret, "GET", "/v1/key", "", nil, 429, "localapi.rate_limited", "used up"},
		{"10 MiB", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { fields(in)["Note"] = strings.Repeat("x", 10<<20) }), nil, 413, "localapi.body_too_large", "1 MiB"},
		{"broken JSON", good.Secret, "POST", "/v1/calls", "{\n \"process\": \"Orders\",\n}", nil, 400, "localapi.broken_json", "line 3, column 1"},
		{"an unknown member", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { in["colour"] = "red" }), nil, 422, "localapi.body", "colour"},
		{"no mode", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { delete(in, "mode") }), nil, 422, "localapi.body", "live, simulate or preview"},
		{"a form", good.Secret, "POST", "/v1/calls", "a=b", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, "localapi.media_type", "application/json"},
		{"no such process", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { in["process"] = "Order" }), nil, 404, "process.unknown_place", "“Order”"},
		{"no such stage", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { in["stage"] = "Lost" }), nil, 404, "process.unknown_stage", "“Lost”"},
		{"no setup", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { in["stage"] = "Returned" }), nil, 404, "call.no_setup", "Delivery, stage Returned; Delivery; Orders."},
		{"a channel without a setup", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { in["channel"] = "email" }), nil, 404, "call.no_setup", "No setup for Email applies here. Looked at: Delivery, stage"},
		{"missing fields", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { in["fields"] = map[string]any{} }), nil, 422, "call.fields", "Mobile, Customer name"},
		{"a value that does not fit", good.Secret, "POST", "/v1/calls", live(func(in map[string]any) { fields(in)["Mobile"] = "12" }), nil, 422, "call.fields", "fields.Mobile"},
		{"a call that is not there", good.Secret, "GET", "/v1/calls/none", "", nil, 404, "call.not_found", "history"},
		{"a setup that is not there", good.Secret, "GET", "/v1/setups/none", "", nil, 404, "setup.not_found", ""},
		{"days in the wrong order", good.Secret, "GET", "/v1/usage?from=2026-03-02&to=2026-03-01", "", nil, 422, "apikey.invalid", "after the last"},
		{"a channel that there is not", good.Secret, "GET", "/v1/setups?channel=fax", "", nil, 422, "localapi.query", "sms, whatsapp_business, email"},
		{"no channel", good.Secret, "GET", "/v1/setups?channel=", "", nil, 422, "localapi.query", "sms, whatsapp_business, email"},
		{"a mode that the history has not", good.Secret, "GET", "/v1/calls?mode=preview", "", nil, 422, "localapi.query", "live, test"},
		{"a verdict that there is not", good.Secret, "GET", "/v1/calls?verdict=sent", "", nil, 422, "localapi.query", "accepted, refused, throttled, unclear, failed"},
		{"no day", good.Secret, "GET", "/v1/usage?from=yesterday", "", nil, 422, "keydesk.invalid", "from"},
	} {
		var change []func(*http.Request)
		if c.change != nil {
			change = append(change, c.change)
		}
		a := o.ask(c.key, c.method, c.path, c.body, change...)
		p := a.problem(t)
		if a.status != c.status || p.Code != c.code || !strings.Contains(a.body, c.says) {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
		if p.Type == "" || p.Title == "" || p.Detail == "" || p.Status != a.status || strings.Contains(a.body, "record.") {
			t.Errorf("%s: %s", c.name, a.body)
		}
		if (a.status == 401) != (a.header.Get("WWW-Authenticate") == `x-api-key realm="Keydesk"`) {
			t.Errorf("%s: WWW-Authenticate is %q", c.name, a.header.Get("WWW-Authenticate"))
		}
	}
	if got := o.provider.sent(); len(got) != 0 {
		t.Errorf("the provider got %q", got)
	}
	// The same words for all, to the byte.
	bodies := map[string]bool{}
	for _, key := range []string{string(changed), ended["expired"].Secret, ended["revoked"].Secret, ended["disabled"].Secret, ended["deleted"].Secret} {
		bodies[o.ask(key, "GET", "/v1/key", "").body] = true
	}
	if len(bodies) != 1 {
		t.Errorf("a stranger can tell keys apart: %v", bodies)
	}
	// C03: blanks around a key do not matter.
	for _, header := range []string{"x-api-key  " + good.Secret + "  ", "X-API-KEY\t" + good.Secret, "bearer " + good.Secret} {
		if a := o.ask("", "GET", "/v1/key", "", raw(header)); a.status != http.StatusOK {
			t.Errorf("%q: %d", header[:10], a.status)
		}
	}

	// A line end inside the header or without its carriage return changes nothing, and
	// what follows it is no second request.
	for _, line := range []string{"x-api-key " + good.Secret + "\n", "x-api-key\r\n " + good.Secret + "\r\n", "x-api-key " + good.Secret + " \t\r\n"} {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", o.port))
		o.must(err)
		_, err = fmt.Fprintf(conn, "GET /v1/key HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\nAuthorization: %s\r\n", o.port, line)
		o.must(err)
		content, err := io.ReadAll(conn)
		o.must(err)
		o.must(conn.Close())
		if got := answers(t, string(content)); len(got) != 1 || got[0].status != http.StatusOK {
			t.Errorf("%q: %q", strings.Replace(line, good.Secret, "KEY", 1), content)
		}
	}

	// C30: the office's log has a row for each request with a key of the office, also
	// for those that were refused, and says why.
	rows := map[string]string{}
	for _, row := range o.accesses() {
		if row.KeyID != "" && row.Status == 401 {
			rows[row.KeyID] = row.Code
		}
	}
	for how, code := range map[string]string{"expired": "apikey.expired", "revoked": "apikey.revoked", "disabled": "apikey.disabled"} {
		if rows[ended[how].Key.ID] != code {
			t.Errorf("%s: the log says %q", how, rows[ended[how].Key.ID])
		}
	}
	// E18: a person who may check keys is told, at the window and through the API, without
	// the names of persons there.
	for key, want := range map[string]string{
		string(changed): "mistyped", "kd_elsewhere": "mistyped", "some-other-key-of-somebody-else": "unknown", ended["expired"].Secret: "expired",
		ended["revoked"].Secret: "revoked", ended["disabled"].Secret: "disabled", ended["deleted"].Secret: "deleted", good.Secret: "",
	} {
		if checked := run(o, ops.Apikey.Check, apikey.CheckInput{Key: secret.New(key)}); string(checked.Result) != want && (want != "" || checked.Result != apikey.Good) {
			t.Errorf("at the window a key is %s, want %s", checked.Result, want)
		}
		verified := into[Verified](t, o.ask(good.Secret, "POST", "/v1/keys/verify", `{"key":"`+key+`"}`))
		if verified.Reason != want || verified.Good != (want == "") || want != "" && verified.Words == "" {
			t.Errorf("verified %+v, want %q", verified, want)
		}
		if strings.Contains(verified.Words, "Ada") {
			t.Errorf("a person is named: %s", verified.Words)
		}
	}
}

// E15: what every route answers to a key with one scope alone, from the operations
// themselves.
func TestScopesOfTheOffice(t *testing.T) {
	o := newRealOffice(t)
	all := o.issue(nil)
	sent := into[CallResult](t, o.ask(all.Secret, "POST", "/v1/calls", message("live")))
	var page strings.Builder
	fmt.Fprintf(&page, "%-24s", "route")
	keys := map[access.Scope]string{}
	for _, info := range access.Scopes {
		keys[info.Scope] = o.issue(nil, info.Scope).Secret
		fmt.Fprintf(&page, "%s  ", info.Scope)
	}
	page.WriteString("all\n")
	row := func(name, method, path, body string) {
		fmt.Fprintf(&page, "%-24s", name)
		for _, info := range access.Scopes {
			a := o.ask(keys[info.Scope], method, path, body)
			fmt.Fprintf(&page, "%-*d", len(info.Scope)+2, a.status)
			if a.status == http.StatusForbidden && a.problem(t).Code != "access.scope" {
				t.Errorf("%s with %s: %s", name, info.Scope, a.body)
			}
		}
		fmt.Fprintf(&page, "%d\n", o.ask(all.Secret, method, path, body).status)
	}
	for _, one := range routes {
		path := strings.Replace(one.pattern, "/v1/setups/{id}", "/v1/setups/"+o.setupID, 1)
		path = strings.Replace(path, "/v1/calls/{id}", "/v1/calls/"+*sent.CallID, 1)
		switch name := one.method + " " + one.pattern; name {
		case "POST /v1/keys/verify":
			row(name, one.method, path, `{"key":"any"}`)
		case "POST /v1/calls":
			for _, mode := range []string{ModeLive, ModeSimulate, ModePreview} {
				body := message(mode)
				if mode == ModeSimulate {
					body = message(mode, trial)
				}
				row("POST "+one.pattern+" "+mode, one.method, path, body)
			}
		default:
			row(name, one.method, path, "")
		}
	}
	const golden = "testdata/scopes_of_the_office.txt"
	if os.Getenv("KEYDESK_GOLDEN") == "write" {
		o.must(os.WriteFile(golden, []byte(page.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	o.must(err)
	if page.String() != string(want) {
		t.Errorf("the matrix is not as it was:\n%s", page.String())
	}
}

// C31, E12: a revoked key is refused on the very next request, with 50 clients that
// use it at the time; another key of the same system goes on (B14, E07).
func TestARevokedKeyIsDeadOnTheNextRequest(t *testing.T) {
	o := newRealOffice(t)
	key, other := o.issue(nil), o.issue(nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 60}}
	get := func(key string) (int, error) {
		req, err := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d/v1/key", o.port), nil)
		if err != nil {
			return 0, err
		}
		req.Header.Set("Authorization", "x-api-key "+key)
		res, err := client.Do(req)
		if err != nil {
			return 0, err
		}
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode, res.Body.Close()
	}
	var revoked, stop atomic.Bool
	var before, after, others atomic.Int64
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			for !stop.Load() {
				if n == 0 {
					if status, err := get(other.Secret); err != nil || status != http.StatusOK {
						t.Errorf("the other key got %d, %v", status, err)
					}
					others.Add(1)
					continue
				}
				was := revoked.Load()
				status, err := get(key.Secret)
				switch {
				case err != nil:
					t.Error(err)
					return
				case was && status == http.StatusOK:
					t.Error("a revoked key was accepted")
				case was:
					after.Add(1)
				case status == http.StatusOK:
					before.Add(1)
				}
			}
		})
	}
	until := func(enough func() bool) {
		for limit := time.Now().Add(time.Minute); !enough() && time.Now().Before(limit) && !t.Failed(); {
			time.Sleep(time.Millisecond)
		}
	}
	until(func() bool { return before.Load() > 500 && others.Load() > 0 })
	run(o, o.host.Ops.Apikey.Revoke, apikey.IDInput{ID: key.Key.ID})
	revoked.Store(true)
	others.Store(0)
	until(func() bool { return after.Load() > 500 && others.Load() > 0 })
	stop.Store(true)
	all.Wait()
	if before.Load() < 500 || after.Load() < 500 || others.Load() == 0 {
		t.Errorf("%d requests before, %d after, %d with the other key", before.Load(), after.Load(), others.Load())
	}
}

// RULES.md, Local API: while sending is paused nothing is sent for another system; it can
// still try out, and an Org Admin lets it go on.
func TestPause(t *testing.T) {
	o := newRealOffice(t)
	key := o.issue(nil).Secret
	named := func(r *http.Request) { r.Header.Set("Idempotency-Key", "order-1") }
	first := o.ask(key, "POST", "/v1/calls", message("live"), named)
	run(o, o.host.Ops.Organisation.Pause, organisation.PauseInput{Paused: true})
	// A repeat sends nothing, so it gets its answer: without it the client would think
	// that its message has to be sent once more.
	if a := o.ask(key, "POST", "/v1/calls", message("live"), named); a.status != http.StatusOK || a.body != first.body {
		t.Errorf("a repeat while it is paused: %d %s", a.status, a.body)
	}
	a := o.ask(key, "POST", "/v1/calls", message("live"))
	if p := a.problem(t); a.status != http.StatusServiceUnavailable || p.Code != "organisation.paused" || a.header.Get("Retry-After") != "60" {
		t.Errorf("while it is paused: %d %s", a.status, a.body)
	}
	for _, mode := range []string{ModeSimulate, ModePreview} {
		if a := o.ask(key, "POST", "/v1/calls", message(mode, trial)); a.status != http.StatusOK {
			t.Errorf("%s while it is paused: %d %s", mode, a.status, a.body)
		}
	}
	if got := o.provider.sent(); len(got) != 1 {
		t.Errorf("the provider got %q", got)
	}
	run(o, o.host.Ops.Organisation.Pause, organisation.PauseInput{})
	if a := o.ask(key, "POST", "/v1/calls", message("live")); a.status != http.StatusOK || len(o.provider.sent()) != 2 {
		t.Errorf("after it: %d %s", a.status, a.body)
	}
}

// C34: a client that sends its key where it does not belong is refused, so that it is
// not kept with the call, nor sent to somebody. The test of the whole disk at the end
// looks for it.
func TestAKeyInTheWrongPlaceIsNotKept(t *testing.T) {
	o := newRealOffice(t)
	ours := o.issue(nil).Secret
	taken := "q7Zx+V9/kT2mPbL4c8RwYd1NsHf6uJ0EgAoXiK3yWvM="
	run(o, o.host.Ops.Apikey.TakeOver, apikey.TakeOverInput{Value: secret.New(taken), New: apikey.CreateInput{RequestID: "taken", Title: "Old CRM", Expires: apikey.Term{Days: 90}, Grants: apikey.Grants{Scopes: access.AnyScope()}}})
	o.keys = append(o.keys, taken)
	for _, key := range []string{ours, taken} {
		named := func(r *http.Request) { r.Header.Set("Idempotency-Key", "order "+key) }
		if a := o.ask(key, "POST", "/v1/calls", message("live"), named); a.status != http.StatusBadRequest || a.problem(t).Code != "localapi.idempotency_key" {
			t.Errorf("as a name of the message: %d %s", a.status, a.body)
		}
		for at, change := range map[string]func(map[string]any){
			"fields":  func(in map[string]any) { in["fields"].(map[string]any)["Customer name"] = "Dear " + key },
			"a name":  func(in map[string]any) { in["fields"].(map[string]any)[key] = "x" },
			"a place": func(in map[string]any) { in["process"] = key },
			"a stage": func(in map[string]any) { in["stage"] = key },
		} {
			if a := o.ask(key, "POST", "/v1/calls", message("live", change)); a.status != http.StatusUnprocessableEntity || a.problem(t).Code != "localapi.body" || !strings.Contains(a.body, "belongs in its header") {
				t.Errorf("in %s: %d %s", at, a.status, a.body)
			}
		}
	}
	if got := o.provider.sent(); len(got) != 0 {
		t.Errorf("the provider got %q", got)
	}
}

// T5: an answer holds nothing that changes the terminal or the direction of the text
// of who looks at it, whatever the provider answered, and programs read it as it was.
func TestAnswersHoldNoTerminalCodes(t *testing.T) {
	o := newRealOffice(t)
	key := o.issue(nil).Secret
	const id = "a\x1b[31m\u009b31m\u202e\u2066\x7f\x00\u200b\U000e0041é€\U0001f600b"
	o.provider.mu.Lock()
	o.provider.id = strings.NewReplacer("\x1b", `\u001b`, "\x00", `\u0000`).Replace(id)
	o.provider.mu.Unlock()
	sent := o.ask(key, "POST", "/v1/calls", message("live", func(in map[string]any) { in["fields"].(map[string]any)["\u202ecolour"] = "red" }))
	result := into[CallResult](t, sent)
	if result.MessageID == nil || *result.MessageID != id || len(result.IgnoredFields) != 1 || result.IgnoredFields[0] != "\u202ecolour" {
		t.Errorf("programs read %s", sent.body)
	}
	for _, a := range []answer{
		sent, o.ask(key, "GET", "/v1/calls/"+*result.CallID, ""), o.ask(key, "GET", "/v1/calls", ""),
		o.ask(key, "POST", "/v1/calls", message("live", func(in map[string]any) { in["process"] = "\u009b2J\u202e" })),
		o.ask(key, "POST", "/v1/calls", "{\"\u009b2J\":1}"),
	} {
		if at := strings.IndexFunc(a.body, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); at >= 0 {
			t.Errorf("%q is in %.300q", a.body[at:at+2], a.body)
		}
	}
}

// product.md 9: once a pause was answered no message of another system begins any
// more, also none whose request was on its way.
func TestNothingBeginsAfterThePause(t *testing.T) {
	o := newRealOffice(t)
	key := o.issue(func(in *apikey.CreateInput) { in.Grants.PerMinute = 100_000 }).Secret
	var stop atomic.Bool
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for !stop.Load() {
				o.ask(key, "POST", "/v1/calls", message("live"))
			}
		})
	}
	late := 0
	for range 30 {
		run(o, o.host.Ops.Organisation.Pause, organisation.PauseInput{Paused: true})
		before := run(o, o.host.Ops.Call.List, call.ListInput{Limit: 1})
		time.Sleep(5 * time.Millisecond)
		if after := run(o, o.host.Ops.Call.List, call.ListInput{Limit: 1}); len(after.Calls) > 0 && (len(before.Calls) == 0 || after.Calls[0].ID != before.Calls[0].ID) {
			late++
		}
		run(o, o.host.Ops.Organisation.Pause, organisation.PauseInput{})
		time.Sleep(5 * time.Millisecond)
	}
	stop.Store(true)
	all.Wait()
	if late > 0 {
		t.Errorf("after %d of 30 pauses a message began", late)
	}
}

// product.md 9: what a crash left as being sent is marked before the first call of a
// start. A call that comes as soon as keys are good is none of that: its repeat waits
// for its answer, and only what became of it is told.
func TestACallAtTheStartIsNotTakenForALostOne(t *testing.T) {
	o := newRealOffice(t)
	key := o.issue(nil).Secret
	named := func(r *http.Request) { r.Header.Set("Idempotency-Key", "order-1") }
	arrived, finish := make(chan struct{}), make(chan struct{})
	o.provider.holding(func(string) { close(arrived); <-finish })
	o.door.Close(t.Context())
	o.must(o.host.Release(t.Context()))
	o.must(o.host.Resume(t.Context()))
	o.must(o.door.Apply(t.Context()))

	var first answer
	var all sync.WaitGroup
	var once sync.Once
	o.followed = func(kinds []string) {
		if !slices.Contains(kinds, organisation.LocalAPIKind) {
			return
		}
		once.Do(func() {
			all.Go(func() { first = o.ask(key, "POST", "/v1/calls", message("live"), named) })
			<-arrived
		})
	}
	_, err := o.host.Ops.Organisation.Unlock(o.atWindow(), organisation.UnlockInput{Passphrase: secret.New(passphrase)})
	o.must(err)
	if a := o.ask(key, "POST", "/v1/calls", message("live"), named); a.status != http.StatusConflict || a.problem(t).Code != "call.key_running" {
		t.Errorf("while it is sent, a repeat got %d %s", a.status, a.body)
	}
	close(finish)
	all.Wait()
	if sent := into[CallResult](t, first); *sent.Verdict != "accepted" {
		t.Errorf("it was answered %+v", sent)
	}
	entries := run(o, o.host.Ops.Activity.List, activity.ListInput{Kind: call.Kind, Limit: 100}).Entries
	if slices.ContainsFunc(entries, func(one activity.Entry) bool { return one.Op == call.OpRecover.Name }) {
		t.Error("activity says that Keydesk stopped while it was sent")
	}
}

// RULES.md, Local API: an Idempotency-Key belongs to its API key. A repeat gets the first
// answer, another body 409, and so does a second request while the first runs.
func TestIdempotency(t *testing.T) {
	o := newRealOffice(t)
	key, other := o.issue(nil).Secret, o.issue(nil).Secret
	colour := func(in map[string]any) { in["fields"].(map[string]any)["Colour"] = "red" }
	named := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Idempotency-Key", name) }
	}
	first := o.ask(key, "POST", "/v1/calls", message("live", colour), named("order-1"))
	again := o.ask(key, "POST", "/v1/calls", message("live", colour), named(`"order-1"`))
	if first.status != http.StatusOK || first.body != again.body || len(o.provider.sent()) != 1 {
		t.Errorf("the repeat: %d %s\n%d %s", first.status, first.body, again.status, again.body)
	}
	a := o.ask(key, "POST", "/v1/calls", message("live", func(in map[string]any) { in["fields"].(map[string]any)["Customer name"] = "Ravi" }), named("order-1"))
	if p := a.problem(t); a.status != http.StatusConflict || p.Code != "call.key_reused" {
		t.Errorf("another body: %d %s", a.status, a.body)
	}
	if a := o.ask(other, "POST", "/v1/calls", message("live"), named("order-1")); a.status != http.StatusOK || len(o.provider.sent()) != 2 {
		t.Errorf("another key with the same name: %d %s", a.status, a.body)
	}

	arrived, finish := make(chan struct{}), make(chan struct{})
	o.provider.holding(func(string) { close(arrived); <-finish })
	var slow answer
	var all sync.WaitGroup
	all.Go(func() { slow = o.ask(key, "POST", "/v1/calls", message("live"), named("order-2")) })
	<-arrived
	a = o.ask(key, "POST", "/v1/calls", message("live"), named("order-2"))
	if p := a.problem(t); a.status != http.StatusConflict || p.Code != "call.key_running" || p.RetryAfter < 1 {
		t.Errorf("while it runs: %d %s", a.status, a.body)
	}
	close(finish)
	all.Wait()
	o.provider.holding(nil)
	a = o.ask(key, "POST", "/v1/calls", message("live"), named("order-2"))
	if *into[CallResult](t, a).CallID != *into[CallResult](t, slow).CallID || len(o.provider.sent()) != 3 {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}

	// 20 at once: one is sent, and nobody gets another's answer.
	ids := sync.Map{}
	for range 20 {
		all.Go(func() {
			a := o.ask(key, "POST", "/v1/calls", message("live"), named("order-3"))
			switch a.status {
			case http.StatusOK:
				ids.Store(*into[CallResult](t, a).CallID, true)
			case http.StatusConflict:
			default:
				t.Errorf("at once: %d %s", a.status, a.body)
			}
		})
	}
	all.Wait()
	count := 0
	ids.Range(func(any, any) bool { count++; return true })
	if count != 1 || len(o.provider.sent()) != 4 {
		t.Errorf("%d calls were answered, and the provider got %d", count, len(o.provider.sent()))
	}
	// The answer stays, whatever became of its setup.
	run(o, o.host.Ops.Setup.Delete, setup.IDInput{ID: o.setupID})
	a = o.ask(key, "POST", "/v1/calls", message("live", colour), named("order-1"))
	if again := into[CallResult](t, a); *again.CallID != *into[CallResult](t, first).CallID || again.Words != into[CallResult](t, first).Words || len(again.Why) != 0 {
		t.Errorf("after the setup was deleted: %s", a.body)
	}
	if len(o.provider.sent()) != 4 {
		t.Errorf("the provider got %q", o.provider.sent())
	}
}

// The limits of a key and of a setup hold for what is sent through the API, and say
// when they end: at the office's midnight.
func TestLiveSendsOfADay(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	// At noon, so that no midnight comes between.
	o := newRealOffice(t, func(o *realOffice) { o.late = time.Duration(36-time.Now().In(zone).Hour()) * time.Hour })
	key := o.issue(func(in *apikey.CreateInput) { in.Grants.LivePerDay = 2 }).Secret
	for n := range 4 {
		a := o.ask(key, "POST", "/v1/calls", message("live"))
		if n < 2 {
			if a.status != http.StatusOK {
				t.Errorf("call %d: %d %s", n, a.status, a.body)
			}
			continue
		}
		p := a.problem(t)
		now := o.now().In(zone)
		midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, zone)
		if a.status != http.StatusTooManyRequests || p.Code != "call.key_daily_limit" || (midnight.Sub(now)-time.Duration(p.RetryAfter)*time.Second).Abs() > time.Minute {
			t.Errorf("call %d: %d %s, %v to midnight", n, a.status, a.body, midnight.Sub(now))
		}
		if a.header.Get("Retry-After") != strconv.Itoa(p.RetryAfter) {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
	}
	if a := o.ask(key, "POST", "/v1/calls", message("simulate", trial)); a.status != http.StatusOK {
		t.Errorf("a try after the limit: %d %s", a.status, a.body)
	}
}

// RULES.md, Testing and sending: a setup's own limit holds for every key together, and
// the refusal says when it ends and where it is. A repeat sends nothing, so it is
// answered, and so is a try.
func TestLiveSendsADayOfASetup(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	// At noon, so that no midnight comes between.
	o := newRealOffice(t, func(o *realOffice) { o.late = time.Duration(36-time.Now().In(zone).Hour()) * time.Hour })
	one := run(o, o.host.Ops.Setup.Get, setup.IDInput{ID: o.setupID})
	two := 2
	one.Draft.Options.LivePerDay = &two
	run(o, o.host.Ops.Setup.Update, setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: one.Draft})
	first, second := o.issue(nil).Secret, o.issue(nil).Secret
	named := func(r *http.Request) { r.Header.Set("Idempotency-Key", "order-1") }
	if detail := into[SetupDetail](t, o.ask(first, "GET", "/v1/setups/"+o.setupID, "")); detail.LiveSendsADay != 2 {
		t.Errorf("it is said to send %d", detail.LiveSendsADay)
	}
	for _, key := range []string{first, second} {
		if a := o.ask(key, "POST", "/v1/calls", message("live"), named); a.status != http.StatusOK {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	for _, key := range []string{first, second} {
		a := o.ask(key, "POST", "/v1/calls", message("live"))
		p := a.problem(t)
		now := o.now().In(zone)
		midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, zone)
		if a.status != http.StatusTooManyRequests || p.Code != "call.daily_limit" || p.Detail != "This setup has sent the 2 messages it may send today." ||
			!strings.Contains(p.Hint, "from 00:00 on "+midnight.Format("2 January")) || !strings.Contains(p.Hint, "Options") || (midnight.Sub(now)-time.Duration(p.RetryAfter)*time.Second).Abs() > time.Minute {
			t.Errorf("%d %s, %v to midnight", a.status, a.body, midnight.Sub(now))
		}
	}
	if a := o.ask(first, "POST", "/v1/calls", message("live"), named); a.status != http.StatusOK {
		t.Errorf("a repeat after the limit: %d %s", a.status, a.body)
	}
	if a := o.ask(first, "POST", "/v1/calls", message("simulate", trial)); a.status != http.StatusOK {
		t.Errorf("a try after the limit: %d %s", a.status, a.body)
	}
}

// RULES.md, Local API: the limit is the key's or the office's, the headers say what is left, and
// Retry-After is true: a second earlier the request is refused, then it is answered.
func TestRateLimitOfTheOffice(t *testing.T) {
	start := time.Now()
	o := newRealOffice(t, func(o *realOffice) {
		o.door.rates = newLimiter[string](func() time.Time { return start.Add(time.Until(o.now()).Round(time.Second)) }, maxCounted)
	})
	own := o.issue(func(in *apikey.CreateInput) { in.Grants.PerMinute = 3 }).Secret
	usual := o.issue(nil).Secret
	o.listen(func(s *organisation.LocalAPI) { s.PerMinute = 2 })
	for key, limit := range map[string]int{own: 3, usual: 2} {
		for n := range limit {
			a := o.ask(key, "GET", "/v1/key", "")
			if a.status != http.StatusOK || a.header.Get("RateLimit-Policy") != fmt.Sprintf(`"key";q=%d;w=60`, limit) || !strings.HasPrefix(a.header.Get("RateLimit"), fmt.Sprintf(`"key";r=%d;`, limit-n-1)) {
				t.Errorf("request %d: %d %q %q", n, a.status, a.header.Get("RateLimit-Policy"), a.header.Get("RateLimit"))
			}
		}
		a := o.ask(key, "GET", "/v1/key", "")
		wait, err := strconv.Atoi(a.header.Get("Retry-After"))
		if a.status != http.StatusTooManyRequests || err != nil || wait < 1 || wait > 61 {
			t.Fatalf("over the limit: %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
		}
		o.wait(time.Duration(wait-2) * time.Second)
		if a := o.ask(key, "GET", "/v1/key", ""); a.status != http.StatusTooManyRequests {
			t.Errorf("before Retry-After: %d", a.status)
		}
		o.wait(2 * time.Second)
		if a := o.ask(key, "GET", "/v1/key", ""); a.status != http.StatusOK {
			t.Errorf("after Retry-After: %d", a.status)
		}
	}
}

// 10,000 wrong keys in a row are throttled by their source. A good key beside them
// passes, the window works, and the access log has a row or two a minute.
func TestWrongKeysOfTheOffice(t *testing.T) {
	o := newRealOffice(t)
	good := o.issue(nil).Secret
	counts := map[int]int{}
	for n := range 10_000 {
		req, err := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d/v1/key", o.port), nil)
		o.must(err)
		req.Header.Set("Authorization", fmt.Sprintf("x-api-key kd_aaaaaaaa_%049d", n))
		res, err := http.DefaultClient.Do(req)
		o.must(err)
		_, _ = io.Copy(io.Discard, res.Body)
		o.must(res.Body.Close())
		counts[res.StatusCode]++
		if n%500 == 0 {
			if a := o.ask(good, "POST", "/v1/calls", message("preview")); a.status != http.StatusOK {
				t.Errorf("a good key got %d %s", a.status, a.body)
			}
			run(o, o.host.Ops.Setup.List, setup.ListInput{})
		}
	}
	if counts[401] < failuresAMinute || counts[401] > 3*failuresAMinute || counts[401]+counts[429] != 10_000 {
		t.Errorf("they were answered %v", counts)
	}
	o.wait(time.Minute)
	rows, requests := 0, 0
	for _, row := range o.accesses() {
		if row.KeyID == "" {
			rows++
			requests += row.Requests
			if row.Source != "127.0.0.1" || row.Code != "apikey.unknown" {
				t.Errorf("the row is %+v", row)
			}
		}
	}
	if rows < 1 || rows > 3 || requests != counts[401] {
		t.Errorf("%d rows of %d requests, after %v", rows, requests, counts)
	}
	if size := len(o.log.String()); size > 20_000 {
		t.Errorf("the log has %d bytes", size)
	}
}

// The door follows the settings when they are saved, without a restart, and the
// screen that reads them next knows what it does.
func TestSettingsAreFollowed(t *testing.T) {
	o := newRealOffice(t)
	key := o.issue(nil).Secret
	reach := func(port int) bool {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}
	first := o.port
	if a := o.ask(key, "GET", "/v1/key", ""); a.status != http.StatusOK {
		t.Errorf("before: %d", a.status)
	}
	o.port = freePort(t)
	state := o.listen(func(*organisation.LocalAPI) {})
	if a := o.ask(key, "GET", "/v1/key", ""); a.status != http.StatusOK || reach(first) {
		t.Errorf("after another port was chosen: %d, the old one answers: %v", a.status, reach(first))
	}
	if !slices.Contains(state.Listening.Addresses, fmt.Sprintf("http://127.0.0.1:%d", o.port)) || state.Listening.Code != "" {
		t.Errorf("the screen shows %+v", state.Listening)
	}
	if running := run(o, o.host.Ops.Organisation.Running, organisation.Nothing{}); !running.LocalAPI || running.Port != o.port {
		t.Errorf("the frame shows %+v", running)
	}
	for range 5 {
		state = o.listen(func(s *organisation.LocalAPI) { s.On = false })
		if reach(o.port) || len(state.Listening.Addresses) != 0 || state.Listening.Code != "" {
			t.Errorf("off: it answers: %v, %+v", reach(o.port), state.Listening)
		}
		if state = o.listen(func(*organisation.LocalAPI) {}); !reach(o.port) {
			t.Errorf("on again: %+v", state.Listening)
		}
	}
	// Locked, and with nobody signed in, it runs on.
	run(o, o.host.Ops.User.Lock, user.Nothing{})
	if a := o.ask(key, "POST", "/v1/calls", message("live")); a.status != http.StatusOK {
		t.Errorf("while the window is locked: %d %s", a.status, a.body)
	}
	run(o, o.host.Ops.User.Unlock, user.PasswordInput{Password: secret.New(adminPassword)})
	run(o, o.host.Ops.User.SignOut, user.Nothing{})
	if a := o.ask(key, "POST", "/v1/calls", message("live")); a.status != http.StatusOK {
		t.Errorf("signed out: %d %s", a.status, a.body)
	}
	// After the data was released nothing answers, and what changes then opens
	// nothing; after it was taken again and unlocked, everything is as before.
	o.door.Close(t.Context())
	o.must(o.host.Release(t.Context()))
	o.door.Changed([]string{organisation.LocalAPIKind})
	if reach(o.port) {
		t.Error("it answers without data")
	}
	o.must(o.host.Resume(t.Context()))
	o.must(o.door.Apply(t.Context()))
	if a := o.ask(key, "GET", "/v1/key", ""); a.status != http.StatusServiceUnavailable || a.problem(t).Code != "apikey.unavailable" || a.header.Get("Retry-After") == "" {
		t.Errorf("before the data key is open: %d %s", a.status, a.body)
	}
	if _, err := o.host.Ops.Organisation.Unlock(o.atWindow(), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	if a := o.ask(key, "GET", "/v1/key", ""); a.status != http.StatusOK {
		t.Errorf("after it: %d %s", a.status, a.body)
	}
}

// A port that another program has is said at the setting and never moved; when it is
// free, the door opens by itself and says so.
func TestPortOfTheOfficeTaken(t *testing.T) {
	o := newRealOffice(t, func(o *realOffice) { o.door.limits.retry = 50 * time.Millisecond })
	key := o.issue(nil).Secret
	o.port = freePort(t)
	other, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.port))
	o.must(err)
	state := o.listen(func(*organisation.LocalAPI) {})
	if state.Listening.Code != "localapi.port_taken" || len(state.Listening.Addresses) != 0 || !strings.Contains(state.Listening.Message, strconv.Itoa(o.port)) || state.Listening.Hint == "" {
		t.Errorf("the screen shows %+v", state.Listening)
	}
	if running := run(o, o.host.Ops.Organisation.Running, organisation.Nothing{}); running.LocalAPI || running.Problem == "" {
		t.Errorf("the frame shows %+v", running)
	}
	o.must(other.Close())
	select {
	case <-o.moved:
	case <-time.After(10 * time.Second):
		t.Fatal("it did not open")
	}
	if a := o.ask(key, "GET", "/v1/key", ""); a.status != http.StatusOK || o.door.Listening().Code != "" {
		t.Errorf("it was opened: %d, %+v", a.status, o.door.Listening())
	}
}

// A key that may send in one process only is told its name, and a key of the
// office's own network nothing else.
func TestKeyOfOneProcess(t *testing.T) {
	o := newRealOffice(t)
	tree := run(o, o.host.Ops.Process.Tree, process.TreeInput{})
	delivery := slices.IndexFunc(tree.Places, func(p process.Node) bool { return p.Name == "Delivery" })
	key := o.issue(func(in *apikey.CreateInput) { in.Grants.Places = []string{tree.Places[delivery].ID} }).Secret
	if self := into[Key](t, o.ask(key, "GET", "/v1/key", "")); fmt.Sprint(self.Processes) != "[Orders / Delivery]" {
		t.Errorf("the processes are %v", self.Processes)
	}
	if a := o.ask(key, "POST", "/v1/calls", message("live")); a.status != http.StatusOK {
		t.Errorf("inside: %d %s", a.status, a.body)
	}
	run(o, o.host.Ops.Process.CreatePlace, process.CreatePlaceInput{Name: "Invoices"})
	// Whether there is a process of that name is not told.
	for _, name := range []string{"Invoices", "Nothing of that name"} {
		a := o.ask(key, "POST", "/v1/calls", message("preview", func(in map[string]any) {
			in["process"] = name
			delete(in, "sub_process")
			delete(in, "stage")
		}))
		if p := a.problem(t); a.status != http.StatusForbidden || p.Code != "call.out_of_reach" || p.Detail != "This API key may not send here." {
			t.Errorf("outside, %s: %d %s", name, a.status, a.body)
		}
	}
}

// B12: every stage field that lacks a value is named, for programs too; a key without a
// limit of its own says null and not 0.
func TestWhatIsMissingIsNamedForPrograms(t *testing.T) {
	o := newRealOffice(t)
	key := o.issue(nil).Secret
	a := o.ask(key, "POST", "/v1/calls", message("live", func(in map[string]any) { in["fields"] = map[string]any{} }))
	if got := a.problem(t).Missing; !slices.Equal(got, []string{"Mobile", "Customer name"}) {
		t.Errorf("missing is %q", got)
	}
	if self := into[Key](t, o.ask(key, "GET", "/v1/key", "")); self.LiveSendsADay != nil {
		t.Errorf("without a limit it is %d", *self.LiveSendsADay)
	}
	limited := o.issue(func(in *apikey.CreateInput) { in.Grants.LivePerDay = 2 }).Secret
	if self := into[Key](t, o.ask(limited, "GET", "/v1/key", "")); self.LiveSendsADay == nil || *self.LiveSendsADay != 2 {
		t.Errorf("a limit of 2 is %v", self.LiveSendsADay)
	}
}

// What every route refuses alike: a key over its limit, a body or a query that does
// not fit, and data that is not open.
func TestEveryRouteRefuses(t *testing.T) {
	o := newRealOffice(t)
	good := o.issue(nil).Secret
	sent := into[CallResult](t, o.ask(good, "POST", "/v1/calls", message("live")))
	at := strings.NewReplacer("/v1/setups/{id}", "/v1/setups/"+o.setupID, "/v1/calls/{id}", "/v1/calls/"+*sent.CallID)
	refused := func(one route, key, query, body string, status int, code string, change ...func(*http.Request)) {
		t.Helper()
		if a := o.ask(key, one.method, at.Replace(one.pattern)+query, body, change...); a.status != status || a.problem(t).Code != code {
			t.Errorf("%s %s: %d %s", one.method, one.pattern, a.status, a.body)
		}
	}
	for _, one := range routes {
		body := ""
		if one.changes() {
			body = "{}"
		}
		few := o.issue(func(in *apikey.CreateInput) { in.Grants.PerMinute = 1 }).Secret
		o.ask(few, "GET", "/v1/key", "")
		refused(one, few, "", body, 429, "localapi.rate_limited")
		refused(one, good, "?unknown=1", body, 422, "localapi.query")
		if one.changes() {
			refused(one, good, "", "{", 400, "localapi.broken_json")
			refused(one, good, "", `{"key":"`+strings.Repeat("x", 1<<20)+`"}`, 413, "localapi.body_too_large")
			refused(one, good, "", body, 415, "localapi.media_type", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") })
			refused(one, good, "", `{"unknown":1}`, 422, "localapi.body")
		}
	}
	o.must(o.host.Release(t.Context()))
	for _, one := range routes {
		refused(one, good, "", "", 503, "keydesk.released")
	}
	refused(route{method: http.MethodGet, pattern: "/healthz"}, "", "", "", 503, "keydesk.released")
}

// /openapi.json is the document that answers are held to.
func TestTheDocumentIsServed(t *testing.T) {
	o := newRealOffice(t)
	a := o.ask("", "GET", "/openapi.json", "")
	var served struct{ OpenAPI string }
	if err := json.Unmarshal([]byte(a.body), &served); err != nil || served.OpenAPI != "3.1.0" {
		t.Errorf("got %d, %q, %v", a.status, served.OpenAPI, err)
	}
}

// Requests of a door that is not open yet, or whose data was released, are
// answered with why.
func TestNoBackend(t *testing.T) {
	o := newRealOffice(t)
	key := o.issue(nil).Secret
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	o.must(o.host.Release(ctx)) // the programs close the door before
	a := o.ask(key, "GET", "/v1/key", "")
	if p := a.problem(t); a.status != http.StatusServiceUnavailable || p.Code != "keydesk.released" || p.RetryAfter < 1 {
		t.Errorf("got %d %s", a.status, a.body)
	}
}
