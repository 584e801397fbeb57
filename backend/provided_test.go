package backend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keydesk/backend"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// provided makes a draft with a provider's request at the desk's stage. Its fields
// hold the examples of the file, its secrets canaries.
func (d *desk) provided(t *testing.T, id string, fill map[string]string) (setup.Draft, []string) {
	t.Helper()
	p, err := d.Providers.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	draft := setup.Draft{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.Channel(p.Channels[0]), Enabled: true, Name: p.Name}
	draft.Request.StageParams = []request.StageParam{{Variable: "mobile", Field: "Mobile"}}
	applied := d.apply(t, setup.ApplyInput{Draft: draft, Provider: id})
	draft = applied.Draft
	canaries := []string{}
	for _, f := range draft.Request.Fixed {
		field, _ := p.Field(f.Name)
		value, given := fill[f.Name]
		switch {
		case field.Secret:
			if !given {
				value = "cNry-" + strings.ReplaceAll(f.Name, "_", "-") + "-7Q2x&%9"
				if field.Pattern != "" {
					value = p.StandIn(field)
				}
			}
			canaries = append(canaries, value)
			enter(&draft, f.Name, request.Value{Secret: true, Typed: secret.New(value)})
			continue
		case given:
		case field.ID == p.Recipient && field.Kind == provider.PhoneField:
			value = "{{mobile}}"
		case f.Value.Plain != "":
			value = f.Value.Plain
		case !field.Optional || strings.Contains(fmt.Sprint(p.OneOf), field.ID):
			value = field.Example
		}
		enter(&draft, f.Name, request.Value{Plain: value})
	}
	return draft, canaries
}

// enter fills in a field of the provider's form, as a person does; the backend
// makes the request from it.
func enter(draft *setup.Draft, id string, value request.Value) {
	entered := draft.Entered.Clone()
	at := slices.IndexFunc(entered.Values, func(one provider.FieldValue) bool { return one.ID == id })
	if at < 0 {
		at = len(entered.Values)
		entered.Values = append(entered.Values, provider.FieldValue{ID: id})
	}
	entered.Values[at].Value = value
	draft.Entered = &entered
}

// entered gives what the form of a draft holds, with these values and rows instead
// of what was there.
func entered(draft setup.Draft, values map[string]string, rows map[string][]provider.Row) *provider.Entered {
	draft.Entered = &provider.Entered{Values: slices.Clone(draft.Entered.Values), Tables: draft.Entered.Tables}
	for id, text := range values {
		enter(&draft, id, request.Value{Plain: text})
	}
	for id, list := range rows {
		draft.Entered.Tables = append(draft.Entered.Tables, provider.Table{ID: id, Rows: list})
	}
	return draft.Entered
}

// valueOf is what a draft's form holds in a field.
func valueOf(draft setup.Draft, id string) request.Value {
	for _, one := range draft.Entered.Values {
		if one.ID == id {
			return one.Value
		}
	}
	return request.Value{}
}

func (d *desk) apply(t *testing.T, in setup.ApplyInput) setup.Applied {
	t.Helper()
	applied, err := d.Ops.Setup.Apply(atWindow(t), in)
	if err != nil {
		t.Fatal(err)
	}
	return applied
}

// everyProvider runs a test for each built-in provider.
func everyProvider(t *testing.T, d *desk, run func(t *testing.T, id string)) {
	list, err := d.Ops.Provider.List(atWindow(t), provider.ListInput{})
	if err != nil || len(list.Providers) < 20 || len(list.Faults) != 0 {
		t.Fatalf("%d providers, %v, %v", len(list.Providers), list.Faults, err)
	}
	for _, p := range list.Providers {
		t.Run(p.ID, func(t *testing.T) { run(t, p.ID) })
	}
}

// noNames is a computer without a network: it finds no name.
type noNames struct{ t *testing.T }

func (n noNames) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.t.Errorf("%s was looked up", host)
	return nil, &net.DNSError{Err: "no network", Name: host}
}

// Every provider is saved and tried at the simulator through the calls that a
// door holds. The simulator finds nothing wrong with the request; each outcome
// has its verdict; no stored secret is opened for it and no name is looked up.
func TestEveryProviderAtTheSimulator(t *testing.T) {
	d := &desk{folder: t.TempDir()}
	d.Backend = opened(t, d.folder, func(o *backend.Options) { o.Resolver = noNames{t} })
	firstRun(t, d.Backend)
	d.place, d.stage = shipped(t, d.Backend)
	everyProvider(t, d, func(t *testing.T, id string) {
		draft, canaries := d.provided(t, id, nil)
		one := d.create(t, draft)
		defer func() {
			if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: one.ID}); err != nil {
				t.Error(err)
			}
		}()
		if one.ProviderName == "" || one.ProviderName == id || one.Draft.ProviderVersion == 0 {
			t.Errorf("saved with %q, version %d", one.ProviderName, one.Draft.ProviderVersion)
		}
		form, err := d.Ops.Provider.Get(atWindow(t), provider.IDInput{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		for _, outcome := range form.Outcomes {
			if outcome.ID == provider.Slow {
				continue // five seconds each; package simulate proves it
			}
			fired, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Simulate: outcome.ID})
			if err != nil {
				t.Fatalf("%s: %v %+v", outcome.ID, err, fault.From(err))
			}
			if len(fired.Reply.Findings) != 0 {
				t.Errorf("%s: the simulator found %q", outcome.ID, fired.Reply.Findings)
			}
			if fired.Call.Simulated != string(outcome.ID) || fired.Call.Service != form.Provider.Service {
				t.Errorf("%s is kept as %+v", outcome.ID, fired.Call)
			}
			accepted := fired.Call.Verdict == "accepted"
			sure := form.Provider.Marks.Success != provider.Unverified
			if want := outcome.ID == provider.Accepted && sure; accepted != want {
				t.Errorf("%s is %s: %s", outcome.ID, fired.Call.Verdict, fired.Call.Reason)
			}
			if fired.Call.Status == http.StatusTooManyRequests && outcome.Documented && (fired.Call.Verdict != "throttled" || fired.Reply.Result.RetryAfterS == 0) {
				t.Errorf("throttled is %s, again in %d s", fired.Call.Verdict, fired.Reply.Result.RetryAfterS)
			}
			all, _ := json.Marshal(fired)
			for _, word := range canaries {
				if strings.HasPrefix(word, "cNry") && strings.Contains(string(all), word) {
					t.Errorf("%s went to the simulator", word)
				}
			}
		}
		page, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{Search: form.Provider.Name})
		if err != nil || len(page.Rows) != 1 || !page.Rows[0].LastSimulated || page.Rows[0].ProviderName != form.Provider.Name {
			t.Errorf("the list says %+v, %v", page.Rows, err)
		}
	})
}

// The real secrets of every provider go out once, to a server that sends back
// everything it received. None is in history, log, export, preview or activity,
// in any form. A redirect to another host is not followed.
func TestProviderSecretsStayHidden(t *testing.T) {
	var log, elsewhere bytes.Buffer
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.Write(&elsewhere)
	}))
	defer other.Close()
	var received []byte
	status := http.StatusOK
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received = append([]byte(r.RequestURI+"\n"+fmt.Sprint(r.Header)+"\n"), body...)
		w.Header().Set("Location", other.URL+"/?"+r.URL.RawQuery)
		w.Header().Set("X-Echo", strings.Join(r.Header.Values("Authorization"), ",")+r.Header.Get("Authkey"))
		w.WriteHeader(status)
		_, _ = w.Write(received)
		encoded, _ := json.Marshal(string(received))
		_, _ = w.Write(encoded)
	}))
	defer echo.Close()
	d := &desk{folder: t.TempDir()}
	d.Backend = opened(t, d.folder, func(o *backend.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	firstRun(t, d.Backend)
	d.place, d.stage = shipped(t, d.Backend)
	all := []string{}
	everyProvider(t, d, func(t *testing.T, id string) {
		draft, canaries := d.provided(t, id, nil)
		if len(canaries) == 0 {
			t.Fatal("this provider has no secret")
		}
		all = append(all, canaries...)
		// The same request, at our server.
		_, rest, _ := strings.Cut(draft.Request.URL, "://")
		_, path, _ := strings.Cut(rest, "/")
		draft.Request.URL = echo.URL + "/" + path
		draft.Options.Redirects = 5
		one := d.create(t, draft)
		defer func() {
			if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: one.ID}); err != nil {
				t.Error(err)
			}
		}()
		for _, status = range []int{http.StatusOK, http.StatusUnauthorized, http.StatusTemporaryRedirect} {
			received = nil
			fired, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
			if err != nil {
				t.Fatalf("%v %+v", err, fault.From(err))
			}
			sent := string(received)
			form, _ := url.QueryUnescape(sent)
			for _, word := range canaries {
				found := strings.Contains(sent, word) || strings.Contains(form, word)
				for name, text := range disguises(word) {
					found = found || strings.HasPrefix(name, "base64") && strings.Contains(sent, text)
				}
				if !found {
					t.Errorf("the secret never went out: %s", sent)
				}
			}
			kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: fired.Call.ID})
			if err != nil {
				t.Fatal(err)
			}
			preview, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: one.Draft, Source: setup.Source{SetupID: one.ID}})
			if err != nil {
				t.Fatal(err)
			}
			line, err := d.Ops.Setup.Curl(atWindow(t), setup.CurlInput{Draft: one.Draft, Source: setup.Source{SetupID: one.ID}, Shell: "posix"})
			if err != nil {
				t.Fatal(err)
			}
			for what, thing := range map[string]any{"answer": fired, "history": kept, "preview": preview, "curl": line} {
				text, _ := json.Marshal(thing)
				hiddenIn(t, what, string(text), canaries)
			}
		}
	})
	if elsewhere.Len() > 0 {
		t.Errorf("a redirect was followed to another host: %s", elsewhere.String())
	}
	trail, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(trail)
	hiddenIn(t, "activity", string(text), all)
	hiddenIn(t, "log", log.String(), all)
	noneOnDisk(t, d.folder, all...)
}

// hiddenIn looks for secrets in a text, in every form they could take.
func hiddenIn(t *testing.T, what, text string, canaries []string) {
	t.Helper()
	for _, word := range canaries {
		for form, found := range disguises(word) {
			if form != "its first 8 bytes" && strings.Contains(text, found) {
				t.Errorf("%s holds a secret, %s", what, form)
			}
		}
	}
}

// acme is a provider that is not built in, at a server of the test.
func acmeFile(base string) string {
	return strings.ReplaceAll(`format: 1
id: acme-sms
version: 1
name: Acme SMS
service: Acme
account: acme
channels: [sms]
marks: {badge: C, request: C, success: C, errors: C}
help: Sends an SMS through Acme.
page: https://acme.example/docs
fields:
  - {id: api_key, label: API key, help: From Acme., belongs: account, secret: true}
  - {id: recipient, label: To, help: The number., belongs: message, kind: phone, example: '+919812345678'}
  - {id: kind, label: Kind, help: What is sent., belongs: message, kind: choice, choices: [text, template], default: text}
  - {id: message, label: Message, help: The text., belongs: message, kind: long_text, when: kind=text, example: Hello}
  - {id: template, label: Template, help: Its name., belongs: message, when: kind=template, example: order_ready}
recipient: recipient
request:
  method: POST
  url: BASE/send
  body: json
  auth: {type: api_key, name: X-Key, value: '{{api_key}}', add_to: header}
  headers:
    - {name: X-Version, value: '2'}
  params:
    - {name: to, value: '{{recipient|digits}}'}
    - {name: text, value: '{{message}}', when: kind=text}
    - {name: template, value: '{{template}}', when: kind=template}
rows:
  - {id: variables, label: Variables, help: Of the template., kind: named, name_label: Name, value_label: Value, name_pattern: '[a-z]+', name_example: name, example: A, max: 9, when: kind=template, each: [{name: 'values.{{row.name}}', value: '{{row.value}}'}]}
success:
  status: '200'
  conditions: [{from: json, path: $.ok, test: equals, value: 'true'}]
  message_id: {from: json, path: $.id}
  error_code: {from: json, path: $.code}
errors:
  - {code: '7', words: wrong key, do: Check the API key., field: api_key, mark: C}
probe:
  says: Reads the account.
  mark: C
  expired: ['9']
  request: {method: GET, url: BASE/me, auth: {type: api_key, name: X-Key, value: '{{api_key}}', add_to: header}}
  success: {status: '200', conditions: [{from: json, path: $.account, test: present}], error_code: {from: json, path: $.code}}
simulator:
  accepted: {status: 200, body: '{"ok":true,"id":"{{uuid}}"}'}
  wrong_credentials: {status: 401, body: '{"ok":false,"code":7}'}
not_documented: [bad_number, no_balance, throttled, slow, broken]
`, "BASE", base)
}

func (d *desk) own(t *testing.T, file string) {
	t.Helper()
	if _, err := d.Ops.Provider.Import(atWindow(t), provider.FileInput{Name: "acme.yaml", Text: file}); err != nil {
		t.Fatalf("%v %+v", err, fault.From(err))
	}
}

// R8 by the file, read live: the words and the field to change come from it, and a
// rule of the setup overrides it.
func TestProviderJudgesLive(t *testing.T) {
	answer, code := `{"ok":false,"code":7}`, http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	d := newDesk(t)
	d.own(t, acmeFile(server.URL))
	draft, _ := d.provided(t, "acme-sms", nil)
	one := d.create(t, draft)
	fired, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	if fired.Call.Verdict != "refused" || fired.Call.Reason != "Refused by Acme: wrong key (code 7)." || fired.Call.ErrorCode != "7" {
		t.Errorf("%+v", fired.Call)
	}
	if fix := fired.Reply.Fix; fix == nil || fix.Path != "draft.request.fixed[0].value" || fix.Label != "API key" {
		t.Errorf("to change: %+v", fix)
	}
	answer = `{"ok":true,"id":"m-1"}`
	if fired, _ = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); fired.Call.Verdict != "accepted" || fired.Call.MessageID != "m-1" || string(fired.Reply.Result.By) != "provider rule" {
		t.Errorf("%+v", fired.Call)
	}
	// A newer file is read at once; the request stays what it was.
	newer := strings.Replace(strings.Replace(acmeFile(server.URL), "version: 1", "version: 2", 1), "words: wrong key", "words: key unknown", 1)
	d.own(t, strings.Replace(newer, "value: '2'}", "value: '3'}", 1))
	answer = `{"ok":false,"code":7}`
	if fired, _ = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); fired.Call.Reason != "Refused by Acme: key unknown (code 7)." || !strings.Contains(fired.Request.Wire, "X-Version: 2") {
		t.Errorf("%+v %s", fired.Call, fired.Request.Wire)
	}
	applied := d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: "acme-sms"})
	if !applied.Newer || len(applied.Changes) != 1 || applied.Changes[0] != (provider.Change{What: "Header X-Version", From: "2", To: "3"}) {
		t.Errorf("See changes: %v %+v", applied.Newer, applied.Changes)
	}
	if applied.Draft.Request.Headers[0].Value.Plain != "2" {
		t.Error("the request was changed without being asked")
	}
	taken := d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: "acme-sms", Reset: true})
	if taken.Newer || taken.Draft.ProviderVersion != 2 || taken.Draft.Request.Headers[0].Value.Plain != "3" {
		t.Errorf("taken: %+v", taken.Draft.Request.Headers)
	}
	after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: taken.Draft})
	if err != nil {
		t.Fatal(err)
	}
	if fired, err = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: after.ID}); err != nil || !strings.Contains(fired.Request.Wire, "X-Version: 3") {
		t.Errorf("%v %s", err, fired.Request.Wire)
	}
	// Without its file the setup still works, by the status alone.
	if _, err := d.Ops.Provider.Delete(atWindow(t), provider.IDInput{ID: "acme-sms"}); err != nil {
		t.Fatal(err)
	}
	if fired, err = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); err != nil || fired.Call.Verdict != "unclear" {
		t.Errorf("an answer that says ok is false: %v %+v", err, fired.Call)
	}
	answer = `{"ok":true,"id":"m-1"}`
	fired, err = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
	if err != nil || fired.Call.Verdict != "accepted" || string(fired.Reply.Result.By) != "status only" {
		t.Errorf("%v %+v", err, fired.Call)
	}
}

// Checking a credential has five results, each with its reason. It is "valid" only
// if an answer proves it, and a stored secret goes only where the setup's messages
// go.
func TestCheckCredential(t *testing.T) {
	answer, code, asked := "", http.StatusOK, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.Method != http.MethodGet || r.URL.Path != "/me" || r.Header.Get("X-Key") != "my-secret-key-1" {
			t.Errorf("asked %s %s with %q", r.Method, r.URL, r.Header.Get("X-Key"))
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	d := newDesk(t)
	d.own(t, acmeFile(server.URL))
	draft, _ := d.provided(t, "acme-sms", map[string]string{"api_key": "my-secret-key-1"})
	one := d.create(t, draft)
	for _, try := range []struct {
		code     int
		answer   string
		validity provider.Validity
	}{
		{200, `{"account":"A1"}`, provider.Valid},
		{401, `{"code":7}`, provider.Invalid},
		{401, `{"code":9}`, provider.Expired},
		{200, `{"code":7}`, provider.Invalid},
		{200, `<html>welcome</html>`, provider.NotTestable},
		{503, ``, provider.Unreachable},
		{429, ``, provider.Unreachable},
	} {
		code, answer = try.code, try.answer
		checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{SetupID: one.ID})
		if err != nil || checked.Validity != try.validity || checked.Reason == "" || checked.AtMs != d.now.UnixMilli() {
			t.Errorf("%d %s: %v %+v", try.code, try.answer, err, checked)
		}
		after, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: one.ID})
		if err != nil || after.Check == nil || after.Check.Validity != try.validity || after.Version != one.Version {
			t.Errorf("kept: %+v, %v", after.Check, err)
		}
	}
	// With another key, what was known about the old one is forgotten.
	changed := one.Draft
	enter(&changed, "api_key", request.Value{Secret: true, Typed: secret.New("my-secret-key-2")})
	after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: changed})
	if err != nil || after.Check != nil {
		t.Errorf("%v %+v", err, after.Check)
	}
	// A draft without a message can be checked already; without the key, the key's
	// field is asked for.
	fresh := d.apply(t, setup.ApplyInput{Draft: setup.Draft{Channel: setup.SMS}, Provider: "acme-sms"}).Draft
	if _, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{Draft: &fresh}); len(fieldNames(err)) != 1 || fieldNames(err)[0] != "draft.request.fixed[0].value" {
		t.Errorf("without a key: %v %v", err, fieldNames(err))
	}
	enter(&fresh, "api_key", request.Value{Secret: true, Typed: secret.New("my-secret-key-1")})
	code, answer = 200, `{"account":"A1"}`
	if checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{Draft: &fresh}); err != nil || checked.Validity != provider.Valid {
		t.Errorf("%v %+v", err, checked)
	}
	// A file with the probe at another host does not get the stored secret.
	before := asked
	evil := strings.Replace(acmeFile(server.URL), server.URL+"/me", "http://localhost:1/me", 1)
	d.own(t, strings.Replace(evil, "version: 1", "version: 2", 1))
	checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{SetupID: one.ID})
	if err != nil || checked.Validity != provider.NotTestable || asked != before {
		t.Errorf("%v %+v", err, checked)
	}
	// No answer, no probe and no provider.
	server.Close()
	d.own(t, strings.Replace(acmeFile(server.URL), "version: 1", "version: 3", 1))
	if checked, err = d.Ops.Call.Check(atWindow(t), call.CheckInput{SetupID: one.ID}); err != nil || checked.Validity != provider.Unreachable {
		t.Errorf("%v %+v", err, checked)
	}
	vonage, _ := d.provided(t, "vonage-sms", nil)
	if checked, err = d.Ops.Call.Check(atWindow(t), call.CheckInput{Draft: &vonage}); err != nil || checked.Validity != provider.NotTestable || checked.Status != 0 {
		t.Errorf("%v %+v", err, checked)
	}
	byHand := d.apply(t, setup.ApplyInput{Draft: vonage, Provider: ""}).Draft
	if _, err = d.Ops.Call.Check(atWindow(t), call.CheckInput{Draft: &byHand}); codeOf(err) != "call.no_provider" {
		t.Errorf("without a provider: %v", err)
	}
}

// Choosing a provider copies its request. What was changed by hand stays when a
// choice makes the request again, another account gets none of the credentials,
// and without the provider the request sends the same bytes.
func TestApplyKeepsWhatIsOurs(t *testing.T) {
	d := newDesk(t)
	d.own(t, acmeFile("https://acme.example"))
	draft, _ := d.provided(t, "acme-sms", map[string]string{"message": "Hello {{mobile}}"})
	applied := d.apply(t, setup.ApplyInput{Draft: draft, Provider: "acme-sms"})
	if len(applied.Draft.ByHand) != 0 || len(applied.Changes) != 0 || len(applied.Faults) != 0 {
		t.Errorf("as applied, but %v %v %v", applied.Draft.ByHand, applied.Changes, applied.Faults)
	}
	draft.Request.Headers[0].Value.Plain = "9"
	draft.Request.Params = append(draft.Request.Params, request.Param{ID: "mine", Name: "tag", Value: request.Value{Plain: "x"}})
	rows := map[string][]provider.Row{"variables": {{Name: "a", Value: "1"}, {Name: "B", Value: ""}}}
	applied = d.apply(t, setup.ApplyInput{Draft: draft, Provider: "acme-sms", Entered: entered(draft, map[string]string{"kind": "template"}, rows)})
	names := []string{}
	for _, p := range applied.Draft.Request.Params {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, " "); got != "to template values.a values.B tag" {
		t.Errorf("parameters: %s", got)
	}
	if applied.Draft.Request.Headers[0].Value.Plain != "9" || strings.Join(applied.Draft.ByHand, " ") != "headers params" {
		t.Errorf("by hand: %v %+v", applied.Draft.ByHand, applied.Draft.Request.Headers)
	}
	faults := fmt.Sprint(applied.Faults)
	for _, at := range []string{"draft.rows.variables[1].name", "draft.rows.variables[1].value", "draft.request.fixed["} {
		if !strings.Contains(faults, at) {
			t.Errorf("no fault at %s: %s", at, faults)
		}
	}
	// Twilio to Plivo: both call a field auth_token.
	twilio, _ := d.provided(t, "twilio-sms", nil)
	one := d.create(t, twilio)
	plivo := d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: "plivo-sms"}).Draft
	for _, f := range plivo.Request.Fixed {
		if f.Value.Secret && (f.Value.Stored || !f.Value.Typed.IsEmpty()) || f.Name == "auth_id" && f.Value.Plain != "" {
			t.Errorf("%s was carried over: %+v", f.Name, f.Value)
		}
		if f.Name == "recipient" && f.Value.Plain != "{{mobile}}" {
			t.Errorf("the recipient was lost: %+v", f.Value)
		}
	}
	// Without the provider.
	for _, id := range []string{"twilio-sms", "vonage-sms", "gupshup-whatsapp", "meta-whatsapp", "mailgun-email", "msg91-flow", "infobip-sms"} {
		theirs, _ := d.provided(t, id, map[string]string{"message": `Say "hi" {{mobile}}`})
		ours := d.apply(t, setup.ApplyInput{Draft: theirs, Provider: ""}).Draft
		for i := range ours.Request.Params { // the page keeps what was typed
			for _, f := range theirs.Request.Fixed {
				if p := &ours.Request.Params[i]; p.In == request.ParamNowhere && p.Name == f.Name && p.Value.Secret {
					p.Value = valueOf(theirs, f.Name)
				}
			}
		}
		a, b := d.wire(t, theirs), d.wire(t, ours)
		if a != b || ours.Provider != "" || len(ours.Request.Fixed) != 0 {
			t.Errorf("%s sends\n%s\nas its own\n%s", id, a, b)
		}
	}
	// A stored secret is kept.
	ours := d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: ""}).Draft
	after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: ours})
	if err != nil {
		t.Fatalf("%v %+v", err, fault.From(err))
	}
	if got := strings.Join(d.slots(t, one.ID), " "); got != "param.auth_token" {
		t.Errorf("sealed: %s", got)
	}
	if preview, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: after.Draft, Source: setup.Source{SetupID: after.ID}}); err != nil || len(preview.Preview.Missing) != 0 {
		t.Errorf("%v %+v", err, preview.Preview)
	}
}

// wire is the preview of a draft as text, without what differs in each rendering.
func (d *desk) wire(t *testing.T, draft setup.Draft) string {
	t.Helper()
	out, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	p := out.Preview
	fmt.Fprintf(&text, "%s %v ", p.Method, p.Missing)
	write := func(segments []request.Segment) {
		for _, s := range segments {
			text.WriteString(s.Text)
		}
		text.WriteString("\n")
	}
	write(p.URL)
	boundary := ""
	for _, h := range p.Headers {
		line := h.Name + ": "
		for _, s := range h.Segments {
			line += s.Text
		}
		if _, after, found := strings.Cut(line, "boundary="); found {
			boundary = after
		}
		text.WriteString(line + "\n")
	}
	write(p.Body)
	if boundary != "" {
		return strings.ReplaceAll(text.String(), boundary, "BOUNDARY")
	}
	return text.String()
}

// A stored credential of one provider is never used for another, even at the same
// address: a check would send it there.
func TestCredentialStaysWithItsAccount(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.provided(t, "sendgrid-email", nil)
	one := d.create(t, draft)
	other := one.Draft
	other.Provider = "resend-email"
	_, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: other})
	if codeOf(err) != "setup.retype" || !strings.Contains(fmt.Sprint(fieldNames(err)), "draft.request.fixed[") {
		t.Errorf("saved as another's: %v %v", err, fieldNames(err))
	}
	if _, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{Source: setup.Source{SetupID: one.ID}, Draft: &other}); codeOf(err) != "setup.retype" {
		t.Errorf("checked as another's: %v", err)
	}
}

// Before a paid call the form counts segments as the person types, and reports
// numbers that cannot be completed and what Indian carriers ask for.
func TestAdviceBeforePaying(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.provided(t, "vonage-sms", map[string]string{"message": "It’s ready, {{mobile}}", "entity_id": "", "content_id": ""})
	out, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	if m := out.Message; m == nil || m.Alphabet != "ucs2" || m.Units != len("It’s ready, +919812345678")-2 || m.Segments != 1 || strings.Join(m.Odd, "") != "’" {
		t.Errorf("%+v", m)
	}
	if len(out.Advice) != 2 || !strings.Contains(out.Advice[0].Message, "In your country") {
		t.Errorf("India: %+v", out.Advice)
	}
	out, err = d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: draft, Record: map[string]string{"Mobile": "12"}})
	if err != nil || len(out.Advice) != 3 || !strings.Contains(out.Advice[0].Message, "not a phone number") {
		t.Errorf("a short number: %+v %v", out.Advice, err)
	}
	out, err = d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: draft, Record: map[string]string{"Mobile": "098123 45678"}})
	if err != nil || len(out.Advice) != 2 {
		t.Errorf("a number without its country: %+v %v", out.Advice, err)
	}
	fixed, _ := d.provided(t, "twilio-sms", map[string]string{"recipient": "+919812345678"})
	if out, err = d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: fixed}); err != nil || len(out.Advice) != 1 || !strings.HasPrefix(out.Advice[0].Message, "Every message goes to this number.") {
		t.Errorf("a pasted number: %+v %v", out.Advice, err)
	}
	mail, _ := d.provided(t, "sendgrid-email", nil)
	if out, err = d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: mail}); err != nil || out.Message != nil {
		t.Errorf("an e-mail has segments: %+v %v", out.Message, err)
	}
}

// Faults of what cannot be sent name the labels that a person sees.
func TestFaultsNameLabels(t *testing.T) {
	d := newDesk(t)
	draft, _ := d.provided(t, "twilio-sms", nil)
	one := d.create(t, draft)
	short := one.Draft
	short.Request.StageParams = []request.StageParam{{Variable: "mobile", Default: "12"}}
	_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Draft: &short, Simulate: provider.Accepted})
	if f := fault.From(err); f == nil || !strings.HasPrefix(f.Message, "To is not a phone number") {
		t.Errorf("a short number: %v", err)
	}
	_, err = d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID, Simulate: provider.Accepted, Record: map[string]string{"Mobile": ""}})
	if f := fault.From(err); f == nil || f.Message != "There is no value for mobile." {
		t.Errorf("no number: %v", err)
	}
}

// A pasted curl line with the address of a known provider is offered as that
// provider. Its secrets are held, not shown, and saved from there.
func TestPasteOffersTheProvider(t *testing.T) {
	d := newDesk(t)
	line := `curl -X POST https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json --data-urlencode "To=+919812345678" --data-urlencode "From=+14155550100" --data-urlencode "Body=Hello there" -u AC0123456789abcdef0123456789abcdef:` + canary
	read, err := d.Ops.Setup.Paste(atWindow(t), setup.PasteInput{Line: line})
	if err != nil || read.Provider == nil || read.Provider.ID != "twilio-sms" || len(read.Provider.LeftOut) != 0 {
		t.Fatalf("%v %+v", err, read.Provider)
	}
	text, _ := json.Marshal(read)
	hiddenIn(t, "what was read", string(text), []string{canary})
	own := read.Provider.Draft
	own.PlaceID, own.StageID, own.Enabled = d.place.ID, d.stage.ID, true
	saved, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: own, CopyOf: setup.Source{PasteID: read.Provider.PasteID}})
	if err != nil {
		t.Fatalf("%v %+v", err, fault.From(err))
	}
	if got := strings.Join(d.slots(t, saved.Setups[0].ID), " "); got != "fixed.auth_token" {
		t.Errorf("sealed: %s", got)
	}
	noneOnDisk(t, d.folder, canary)
}

// A user's file with a fault is listed and removes nothing; the built-in ones
// stay.
func TestFaultyFileBesideTheOthers(t *testing.T) {
	d := newDesk(t)
	folder := filepath.Join(d.folder, "providers")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "broken.yaml"), []byte("format: 1\nid: Broken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := d.Ops.Provider.List(atWindow(t), provider.ListInput{})
	if err != nil || len(list.Providers) < 20 || len(list.Faults) == 0 || list.Faults[0].File != "broken.yaml" || list.Faults[0].Line != 2 {
		t.Errorf("%v %+v", err, list.Faults)
	}
}

// A file that is newer than a request takes away no field that the request still
// names, and asks for none that it does not name (RULES.md, Providers).
func TestNewerFileTakesNoField(t *testing.T) {
	d := newDesk(t)
	file := acmeFile("https://acme.example")
	d.own(t, file)
	old, _ := d.provided(t, "acme-sms", nil)
	one := d.create(t, old)
	newer := strings.ReplaceAll(strings.ReplaceAll(strings.Replace(file, "version: 1", "version: 2", 1), "api_key, label", "key, label"), "{{api_key}}", "{{key}}")
	newer = strings.ReplaceAll(newer, "field: api_key", "field: key")
	d.own(t, newer)
	applied := d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: "acme-sms", Entered: entered(one.Draft, map[string]string{"kind": "text"}, nil)})
	if provider.FieldPath(applied.Draft.Request, "api_key") == "" {
		t.Errorf("the field is gone though the request names it: %+v", applied.Draft.Request.Fixed)
	}
	for what, next := range map[string]setup.Draft{"as it was": one.Draft, "applied": applied.Draft} {
		next.Name = what
		after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: next})
		if err != nil {
			t.Fatalf("%s: %v %+v", what, err, fieldNames(err))
		}
		if slots := d.slots(t, one.ID); !slices.Contains(slots, "fixed.api_key") {
			t.Errorf("%s: stored is %v", what, slots)
		}
		one = after
	}
	if d.apply(t, setup.ApplyInput{Draft: one.Draft, Provider: "acme-sms", Reset: true}).Draft.Request.Auth.KeyValue.Plain != "{{key}}" {
		t.Error("the newer file is not taken when asked for")
	}
}

// Without the provider an optional row without a value is still left out, and a
// brace that is text is still text.
func TestDetachedSendsTheSame(t *testing.T) {
	d := newDesk(t)
	file := strings.Replace(acmeFile("https://acme.example"), "  - {id: recipient,", "  - {id: sender, label: From, help: Who., belongs: message, optional: true}\n  - {id: recipient,", 1)
	file = strings.Replace(file, "  params:\n", "  params:\n    - {name: from, value: 'acme:{{sender}}', optional: true}\n", 1)
	d.own(t, file)
	for _, text := range []string{`Hello {{mobile}}`, `Write \{{name}} here`} {
		theirs, _ := d.provided(t, "acme-sms", map[string]string{"message": text, "api_key": "my-secret-key-1"})
		ours := d.apply(t, setup.ApplyInput{Draft: theirs, Provider: ""}).Draft
		for i := range ours.Request.Params {
			if p := &ours.Request.Params[i]; p.Name == "api_key" {
				p.Value = hidden("my-secret-key-1")
			}
		}
		if a, b := d.wire(t, theirs), d.wire(t, ours); a != b {
			t.Errorf("%q sends\n%s\nas its own\n%s", text, a, b)
		}
	}
}

// The result of a check is forgotten when the plain fields of the account change,
// as it is when the secret changes.
func TestCheckIsOfOneAccount(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"account":"A1"}`) }))
	defer server.Close()
	d := newDesk(t)
	file := strings.Replace(acmeFile(server.URL), "  - {id: recipient,", "  - {id: account, label: Account, help: Its name., belongs: account, example: A1}\n  - {id: recipient,", 1)
	file = strings.ReplaceAll(file, "{type: api_key, name: X-Key, value: '{{api_key}}', add_to: header}", "{type: basic, username: '{{account}}', password: '{{api_key}}'}")
	d.own(t, file)
	applied, _ := d.provided(t, "acme-sms", map[string]string{"account": "A1"})
	one := d.create(t, applied)
	if checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{SetupID: one.ID}); err != nil || checked.Validity != provider.Valid {
		t.Fatalf("%+v %v", checked, err)
	}
	changed := one.Draft
	enter(&changed, "account", request.Value{Plain: "A2"})
	after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: changed})
	if err != nil || after.Check != nil {
		t.Errorf("another account is still said to be %+v, %v", after.Check, err)
	}
}

// A user name that the provider's request does not send is listed as left out.
func TestPasteSaysThatAUserNameIsLeftOut(t *testing.T) {
	d := newDesk(t)
	sid := "AC0123456789abcdef0123456789abcdef"
	pasted, err := d.Ops.Setup.Paste(atWindow(t), setup.PasteInput{Line: `curl -X POST https://api.twilio.com/2010-04-01/Accounts/` + sid + `/Messages.json -u SK0123456789abcdef0123456789abcdef:sEcret-of-the-key --data-urlencode To=+919812345678 --data-urlencode From=+14155550100 --data-urlencode Body=Hi`})
	if err != nil || pasted.Provider == nil {
		t.Fatalf("%v %+v", err, pasted)
	}
	if !slices.Equal(pasted.Provider.LeftOut, []string{"Authentication"}) {
		t.Errorf("the user name is gone without a message: %v", pasted.Provider.LeftOut)
	}
}

// S3: a credential that is sent to an address changed by hand is not checked at
// the provider's address.
func TestCheckGoesWhereTheMessagesGo(t *testing.T) {
	d := newDesk(t)
	p, _ := d.provided(t, "twilio-sms", map[string]string{"auth_token": "tok-for-my-gateway"})
	p.Request.URL = "http://127.0.0.1:1/gateway"
	one := d.create(t, p)
	checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{SetupID: one.ID})
	if err != nil || checked.Validity != provider.NotTestable {
		t.Errorf("a credential for another address was sent to the provider: %+v %v", checked, err)
	}
}

// The check uses a user name that was changed by hand, as the API keys of Twilio
// need it.
func TestCheckUsesWhatIsSent(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _, _ = r.BasicAuth()
		_, _ = io.WriteString(w, `{"account":"A1"}`)
	}))
	defer server.Close()
	d := newDesk(t)
	file := strings.Replace(acmeFile(server.URL), "  - {id: recipient,", "  - {id: account, label: Account, help: Its name., belongs: account, example: A1}\n  - {id: recipient,", 1)
	file = strings.ReplaceAll(file, "{type: api_key, name: X-Key, value: '{{api_key}}', add_to: header}", "{type: basic, username: '{{account}}', password: '{{api_key}}'}")
	d.own(t, file)
	applied, _ := d.provided(t, "acme-sms", map[string]string{"account": "A1"})
	applied.Request.Auth.Username = "SK1"
	one := d.create(t, applied)
	checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{SetupID: one.ID})
	if err != nil || checked.Validity != provider.Valid || got != "SK1" {
		t.Errorf("checked user name %q, %+v, %v", got, checked, err)
	}
}
