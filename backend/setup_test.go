package backend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/verdict"
)

// desk is an open organisation with a tree and a clock that a test sets.
type desk struct {
	*backend.Backend
	folder string
	place  process.Node
	stage  process.Stage
	now    time.Time
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{folder: t.TempDir(), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	d.Backend = opened(t, d.folder, func(o *backend.Options) { o.Now = func() time.Time { return d.now } })
	firstRun(t, d.Backend)
	d.place, d.stage = shipped(t, d.Backend)
	return d
}

// create saves a draft and gives the setup.
func (d *desk) create(t testing.TB, one setup.Draft) setup.Setup {
	t.Helper()
	saved, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one})
	if err != nil {
		t.Fatal(err)
	}
	return saved.Setups[0]
}

// slots lists the sealed secrets of a setup.
func (d *desk) slots(t *testing.T, id string) []string {
	t.Helper()
	sealed, err := d.Vault.All(atWindow(t), setup.Kind, id)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(sealed))
}

func fieldNames(err error) []string {
	f := fault.From(err)
	if f == nil {
		return nil
	}
	names := []string{}
	for _, field := range f.Fields {
		names = append(names, field.Name)
	}
	slices.Sort(names)
	return names
}

func hidden(value string) request.Value { return request.Value{Secret: true, Typed: secret.New(value)} }

// A24: a stage from another branch, a place that is gone and a missing place are
// refused at their field, and nothing is saved.
func TestForeignPlaceIsRefused(t *testing.T) {
	d := newDesk(t)
	other, err := d.Ops.Process.CreatePlace(atWindow(t), process.CreatePlaceInput{Name: "Billing"})
	if err != nil {
		t.Fatal(err)
	}
	foreign := draft(other, d.stage, "https://api.example/")
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: foreign}); !slices.Equal(fieldNames(err), []string{"draft.stage_id"}) {
		t.Errorf("a stage from another branch gave %v", err)
	}
	gone := draft(process.Node{ID: "gone"}, process.Stage{}, "https://api.example/")
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: gone}); !slices.Equal(fieldNames(err), []string{"draft.place_id"}) {
		t.Errorf("a place that is gone gave %v", err)
	}
	// Without a place the other missing values are reported as well.
	empty := draft(process.Node{}, process.Stage{}, "")
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: empty}); !slices.Equal(fieldNames(err), []string{"draft.place_id", "draft.request.url"}) {
		t.Errorf("no place gave %v", err)
	}
	page, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{})
	if err != nil || len(page.Rows) != 0 {
		t.Errorf("something was saved: %+v, %v", page.Rows, err)
	}
}

// Bad input of the form is reported at its field; nothing is saved and no secret
// is sealed (D22 holds for setups too).
func TestBadInputOfTheForm(t *testing.T) {
	d := newDesk(t)
	before, err := d.Store.AllSecrets(atWindow(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*setup.Draft)
		field  string
	}{
		{"colliding header", func(s *setup.Draft) {
			s.Request.Headers = []request.Header{{Name: "authorization", Value: request.Value{Plain: "Basic x"}}}
		}, "draft.request.headers[0].name"},
		{"CR LF in a header", func(s *setup.Draft) {
			s.Request.Headers = []request.Header{{Name: "X-A", Value: request.Value{Plain: "a\r\nX-Evil: 1"}}}
		}, "draft.request.headers[0].value"},
		{"key in the body of a GET", func(s *setup.Draft) {
			s.Request.Method, s.Request.BodyFormat, s.Request.Params = "GET", "", nil
			s.Request.Auth = request.Auth{Type: request.APIKey, KeyName: "k", KeyValue: hidden("v"), AddTo: request.InBody}
		}, "draft.request.auth.add_to"},
		{"stage field in the host", func(s *setup.Draft) { s.Request.URL = "https://{{mobile}}.example/" }, "draft.request.url"},
		{"undefined variable", func(s *setup.Draft) { s.Request.Params[0].Value.Plain = "{{nobody}}" }, "draft.request.params[0].value"},
		{"no host", func(s *setup.Draft) { s.Request.URL = "https:///x" }, "draft.request.url"},
		{"another scheme", func(s *setup.Draft) { s.Request.URL = "ftp://example/" }, "draft.request.url"},
		{"credentials in the URL", func(s *setup.Draft) { s.Request.URL = "https://u:p@example/" }, "draft.request.url"},
		{"unknown stage field", func(s *setup.Draft) { s.Request.StageParams[0].Field = "Landline" }, "draft.request.stage_params[0].field"},
		{"name of 10,000 characters", func(s *setup.Draft) { s.Name = strings.Repeat("n", 10_000) }, "draft.name"},
		{"time limit", func(s *setup.Draft) { s.Options.TimeoutSeconds = 301 }, "draft.options.timeout_seconds"},
		{"redirects", func(s *setup.Draft) { s.Options.Redirects = 6 }, "draft.options.redirects"},
		{"rule path", func(s *setup.Draft) {
			s.Rule = &verdict.Rule{Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.[", Test: verdict.Present}}}
		}, "draft.rule.conditions[0].path"},
		{"no token", func(s *setup.Draft) { s.Request.Auth.Token = request.Value{Secret: true} }, "draft.request.auth.token"},
	} {
		one := draft(d.place, d.stage, "https://api.example/send")
		c.change(&one)
		_, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one})
		f := fault.From(err)
		if f == nil || f.Kind != fault.Invalid || !slices.Contains(fieldNames(err), c.field) {
			t.Errorf("%s: %+v, want a message at %s", c.name, f, c.field)
		}
	}
	// Right-to-left text and emoji are valid in names.
	fine := draft(d.place, d.stage, "https://api.example/send")
	fine.Name = "طلب الشحن 🚚 שלום"
	kept := d.create(t, fine)
	if kept.Draft.Name != fine.Name {
		t.Errorf("the name came back as %q", kept.Draft.Name)
	}
	after, err := d.Store.AllSecrets(atWindow(t))
	if err != nil || len(after) != len(before)+1 {
		t.Errorf("%d secrets before, %d after one good save: %v", len(before), len(after), err)
	}
}

// S3: every way to send a stored secret elsewhere is refused at the secret
// until it is typed again; typed again it is saved.
func TestStoredSecretStaysWithItsDestination(t *testing.T) {
	d := newDesk(t)
	base := draft(d.place, d.stage, "https://api.example/send")
	base.Request.Headers = []request.Header{{ID: "h1", Name: "X-Second", Value: hidden("second-secret-1")}, {ID: "h2", Name: "X-Plain", Value: request.Value{Plain: "p"}}}
	base.Request.Fixed = []request.Field{{ID: "f1", Name: "region", Value: request.Value{Plain: "eu"}}}
	base.Request.URL = "https://{{region}}.api.example/send"
	one := d.create(t, base)
	if got := d.slots(t, one.ID); !slices.Equal(got, []string{"auth.token", "header.h1"}) {
		t.Fatalf("sealed: %v", got)
	}
	both := []string{"draft.request.auth.token", "draft.request.headers[0].value"}
	for _, c := range []struct {
		name   string
		change func(*setup.Draft)
		fields []string
	}{
		{"host", func(s *setup.Draft) { s.Request.URL = "https://other.example/send" }, both},
		{"scheme", func(s *setup.Draft) { s.Request.URL = "http://{{region}}.api.example/send" }, both},
		{"port", func(s *setup.Draft) { s.Request.URL = "https://{{region}}.api.example:444/send" }, both},
		{"fixed field in the host", func(s *setup.Draft) { s.Request.Fixed[0].Value.Plain = "us" }, both},
		{"TLS check off", func(s *setup.Draft) { s.Options.SkipTLSCheck = true }, both},
		{"secret mark lost", func(s *setup.Draft) { s.Request.Headers[0].Value = request.Value{} }, []string{"draft.request.headers[0].value"}},
	} {
		changed := one.Draft
		changed.Request.Headers = slices.Clone(changed.Request.Headers)
		changed.Request.Fixed = slices.Clone(changed.Request.Fixed)
		c.change(&changed)
		_, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: changed})
		if codeOf(err) != "setup.retype" || !slices.Equal(fieldNames(err), c.fields) {
			t.Errorf("%s: %v at %v", c.name, err, fieldNames(err))
		}
	}
	// Path, query and an explicit default port do not change the destination.
	for _, url := range []string{"https://{{region}}.api.example/other?x=1", "https://{{region}}.API.example:443/send"} {
		changed := one.Draft
		changed.Request.URL = url
		var err error
		if one, err = d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: changed}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
	// Once it is typed again it is sent to the new address.
	moved := one.Draft
	moved.Request.Headers = slices.Clone(moved.Request.Headers)
	moved.Request.URL = "https://other.example/send"
	moved.Request.Auth.Token = hidden("typed-again-1")
	moved.Request.Headers[0].Value = hidden("typed-again-2")
	if _, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: moved}); err != nil {
		t.Errorf("typed again: %v", err)
	}
	noneOnDisk(t, d.folder, "second-secret-1", "typed-again-1", "typed-again-2", canary)
}

// A34: another auth type drops the values of the first, sealed ones too. The
// secret of a deleted row is destroyed; a moved row keeps its secret.
func TestSecretsFollowTheirRows(t *testing.T) {
	d := newDesk(t)
	base := draft(d.place, d.stage, "https://api.example/send")
	base.Request.Params = []request.Param{
		{ID: "a", Name: "first", Value: hidden("secret-of-a-1")}, {ID: "b", Name: "second", Value: hidden("secret-of-b-1")},
		{Name: "to", Value: request.Value{Plain: "{{mobile}}"}},
	}
	one := d.create(t, base)
	swapped := one.Draft
	swapped.Request.Params = []request.Param{one.Draft.Request.Params[1], one.Draft.Request.Params[0], one.Draft.Request.Params[2]}
	one, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: swapped})
	if err != nil {
		t.Fatal(err)
	}
	for slot, want := range map[string]string{"param.a": "secret-of-a-1", "param.b": "secret-of-b-1"} {
		if got, err := d.Vault.Get(atWindow(t), setup.Kind, one.ID, slot); err != nil || got.Reveal() != want {
			t.Errorf("after swapping rows %s is another: %v", slot, err)
		}
	}
	less := one.Draft
	less.Request.Params = slices.Clone(one.Draft.Request.Params[:1])
	less.Request.StageParams = []request.StageParam{}
	less.Request.Auth = request.Auth{Type: request.Basic, Username: "u", Password: hidden("a-password-1"), Token: request.Value{Secret: true, Stored: true}}
	one, err = d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: less})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.slots(t, one.ID); !slices.Equal(got, []string{"auth.password", "param.b"}) {
		t.Errorf("sealed afterwards: %v", got)
	}
	if token := one.Draft.Request.Auth.Token; token.Stored || token.Secret {
		t.Errorf("the record still has a token: %+v", token)
	}
	// A token that is marked as stored but never was is asked for.
	claimed := one.Draft
	claimed.Request.Auth = request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Stored: true}}
	if _, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: claimed}); !slices.Equal(fieldNames(err), []string{"draft.request.auth.token"}) {
		t.Errorf("a token that was never stored gave %v", err)
	}
}

// X2 and Duplicate: one draft makes setups for several stages, and secrets are
// copied inside the store. The copy still works when the original is gone, and
// asks for the secret if it goes to another host.
func TestDuplicateAndApplyToStages(t *testing.T) {
	d := newDesk(t)
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Authorization"))
	}))
	defer server.Close()
	one := d.create(t, draft(d.place, d.stage, server.URL))
	var stages []string
	for n := range 3 {
		made, err := d.Ops.Process.CreateStage(atWindow(t), process.CreateStageInput{PlaceID: d.place.ID, Name: fmt.Sprintf("Stage %d", n)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Ops.Process.CreateField(atWindow(t), process.CreateFieldInput{StageID: made.ID, Name: "Mobile", Type: process.Phone, Sample: "+919812345678"}); err != nil {
			t.Fatal(err)
		}
		stages = append(stages, made.ID)
	}
	saved, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one.Draft, StageIDs: stages, CopyOf: setup.Source{SetupID: one.ID}})
	if err != nil || len(saved.Setups) != 3 {
		t.Fatalf("%d made, %v", len(saved.Setups), err)
	}
	if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: one.ID}); err != nil {
		t.Fatal(err)
	}
	for _, copied := range saved.Setups {
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: copied.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"Bearer " + canary, "Bearer " + canary, "Bearer " + canary}; !slices.Equal(got, want) {
		t.Errorf("the copies sent %v", got)
	}
	elsewhere := saved.Setups[0].Draft
	elsewhere.Channel, elsewhere.Request.URL = setup.Email, "https://elsewhere.example/"
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: elsewhere, CopyOf: setup.Source{SetupID: saved.Setups[0].ID}}); codeOf(err) != "setup.retype" {
		t.Errorf("a copy to another host gave %v", err)
	}
	// All or nothing: the second of two stages is taken, so no setup is made at
	// the first either.
	free, err := d.Ops.Process.CreateStage(atWindow(t), process.CreateStageInput{PlaceID: d.place.ID, Name: "Free"})
	if err != nil {
		t.Fatal(err)
	}
	plain := draft(d.place, process.Stage{}, "https://api.example/")
	plain.Request.StageParams, plain.Request.Params = nil, nil
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: plain, StageIDs: []string{free.ID, stages[0]}}); codeOf(err) != "setup.taken" {
		t.Errorf("a taken stage gave %v", err)
	}
	resolved, err := d.Ops.Setup.Resolve(atWindow(t), setup.ResolveInput{PlaceID: d.place.ID, StageID: free.ID, Channel: setup.SMS})
	if err != nil || resolved.SetupID != "" {
		t.Errorf("half of it was made: %+v, %v", resolved, err)
	}
}

// Deleted setups can be restored for 30 days, unless their place is gone or taken.
// Afterwards they and their secrets are destroyed.
func TestRestoreAndPurge(t *testing.T) {
	d := newDesk(t)
	one := d.create(t, draft(d.place, d.stage, "https://api.example/"))
	info, err := d.Ops.Setup.DeleteInfo(atWindow(t), setup.IDInput{ID: one.ID})
	if err != nil || info.Stage != "Shipped" || info.FallbackID != "" {
		t.Errorf("the question says %+v, %v", info, err)
	}
	if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: one.ID}); err != nil {
		t.Fatal(err)
	}
	taken := d.create(t, draft(d.place, d.stage, "https://api.example/"))
	if _, err := d.Ops.Setup.Restore(atWindow(t), setup.IDInput{ID: one.ID}); codeOf(err) != "setup.taken" {
		t.Errorf("restoring to a taken spot gave %v", err)
	}
	if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: taken.ID}); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(29 * 24 * time.Hour)
	begin(t, d.Backend, d.adminID(t))
	if n := d.purge(t); n != 0 {
		t.Errorf("%d were destroyed before their time", n)
	}
	if _, err := d.Ops.Setup.Restore(atWindow(t), setup.IDInput{ID: one.ID}); err != nil {
		t.Errorf("restoring on day 29: %v", err)
	}
	d.now = d.now.Add(2 * 24 * time.Hour)
	begin(t, d.Backend, d.adminID(t))
	if n := d.purge(t); n != 1 {
		t.Errorf("%d were destroyed after 31 days, want the other one", n)
	}
	if got := d.slots(t, taken.ID); len(got) != 0 {
		t.Errorf("its secrets are still sealed: %v", got)
	}
	if got := d.slots(t, one.ID); len(got) != 1 {
		t.Errorf("the restored one's secrets: %v", got)
	}
}

func (d *desk) adminID(t *testing.T) string {
	t.Helper()
	users, err := d.Store.Users(atWindow(t))
	if err != nil {
		t.Fatal(err)
	}
	return users[0].ID
}

// purge does what the program does at start.
func (d *desk) purge(t *testing.T) int {
	t.Helper()
	var purged setup.Purged
	ctx := access.With(atWindow(t), &access.Invocation{})
	err := d.Store.InTx(ctx, func(ctx context.Context) (err error) {
		purged, err = d.Setups.Purge(ctx, struct{}{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return purged.Count
}

// A57, S4: anything but this computer is asked for once per recipient; a test
// of a setup that the person may not see stays refused; Test all leaves
// other hosts out and says so.
func TestConfirmationAndTestAll(t *testing.T) {
	d := newDesk(t)
	fired := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fired++
	}))
	defer server.Close()
	local := d.create(t, draft(d.place, d.stage, server.URL))
	away := draft(d.place, d.stage, "https://api.keydesk.test/")
	away.Channel = setup.Email
	far := d.create(t, away)

	_, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: far.ID})
	if f := fault.From(err); f == nil || f.Code != "call.confirm" || !strings.Contains(f.Message, "+919812345678") || !strings.Contains(f.Message, "api.keydesk.test") {
		t.Fatalf("a test at another host gave %v", err)
	}
	for _, confirmed := range []bool{true, false} {
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: far.ID, Confirmed: confirmed})
		if err != nil || detail.Call.Verdict != "failed" {
			t.Errorf("confirmed %v: %+v, %v", confirmed, detail.Call, err)
		}
	}
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: far.ID, Record: map[string]string{"Mobile": "+14155550100"}}); codeOf(err) != "call.confirm" {
		t.Errorf("another recipient gave %v", err)
	}
	all, err := d.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || all.Fired != 1 || fired != 1 || len(all.NotFired) != 1 || all.NotFired[0].SetupID != far.ID || all.Verdicts.Accepted != 1 {
		t.Errorf("Test all gave %+v, %v; the server saw %d", all, err, fired)
	}
	page, err := d.Ops.Call.List(atWindow(t), call.ListInput{RunID: all.RunID})
	if err != nil || len(page.Calls) != 1 || page.Calls[0].SetupID != local.ID {
		t.Errorf("the run's history is %+v, %v", page.Calls, err)
	}
	row, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{Verdict: "accepted"})
	if err != nil || len(row.Rows) != 1 || row.Rows[0].ID != local.ID || row.Rows[0].LastVerdict != "accepted" {
		t.Errorf("the list's last result: %+v, %v", row.Rows, err)
	}
}

// Send once finds its setup by R10, asks every time, and is recorded as live.
func TestSendOnce(t *testing.T) {
	d := newDesk(t)
	got := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got++; w.WriteHeader(201) }))
	defer server.Close()
	in := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}}
	if _, err := d.Ops.Call.Send(atWindow(t), in); codeOf(err) != "call.no_setup" {
		t.Errorf("with no setup: %v", err)
	}
	d.create(t, draft(d.place, d.stage, server.URL))
	if _, err := d.Ops.Call.Send(atWindow(t), in); codeOf(err) != "call.confirm" || got != 0 {
		t.Errorf("unconfirmed: %v, %d sent", err, got)
	}
	in.Confirmed = true
	detail, err := d.Ops.Call.Send(atWindow(t), in)
	if err != nil || got != 1 || detail.Call.Mode != call.Live || detail.Call.State != call.Done || detail.Call.Verdict != "accepted" {
		t.Errorf("sent: %+v, %v", detail.Call, err)
	}
	in.Confirmed = false
	if _, err := d.Ops.Call.Send(atWindow(t), in); codeOf(err) != "call.confirm" {
		t.Errorf("the second time: %v", err)
	}
	// A name without a value stops the call before anything is sent.
	in.Confirmed, in.Record = true, map[string]string{}
	if _, err := d.Ops.Call.Send(atWindow(t), in); err == nil || got != 1 || !strings.Contains(err.Error(), "mobile") {
		t.Errorf("without the mobile: %v, %d sent", err, got)
	}
}

// copyCall puts copies of a call into the history.
func (d *desk) copyCall(t *testing.T, id string, copies int) {
	t.Helper()
	raw := openRaw(t, d.folder)
	defer func() { _ = raw.Close() }()
	columns := "at_ms, mode, run_id, setup_id, setup_version, draft, simulated, place_names, channel, service, actor_id, actor_name, recipient, recipient_key, state, verdict, delivery, status, total_ms, reason, message_id, error_code, record, request, answer"
	if _, err := raw.Exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO call (id, "+columns+
		") SELECT id || '-' || i, "+columns+" FROM call, n WHERE id = ?", copies, id); err != nil {
		t.Fatal(err)
	}
}

// A setup sends at most 1,000 live messages a day, even if several are sent at the
// same moment. From 800 on the result says how many there were.
func TestSendsADay(t *testing.T) {
	d := newDesk(t)
	var got atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got.Add(1); w.WriteHeader(201) }))
	defer server.Close()
	d.create(t, draft(d.place, d.stage, server.URL))
	in := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true}
	first, err := d.Ops.Call.Send(atWindow(t), in)
	if err != nil || first.Note != "" {
		t.Fatalf("%q, %v", first.Note, err)
	}
	d.copyCall(t, first.Call.ID, 997)

	results := make(chan error, 6)
	for range cap(results) {
		go func() {
			detail, err := d.Ops.Call.Send(atWindow(t), in)
			if err == nil && !strings.Contains(detail.Note, "of the 1000 messages it may send today") {
				err = fmt.Errorf("noted %q", detail.Note)
			}
			results <- err
		}()
	}
	sent := 0
	for range cap(results) {
		if err := <-results; err == nil {
			sent++
		} else if codeOf(err) != "call.daily_limit" {
			t.Error(err)
		}
	}
	if sent != 2 || got.Load() != 3 {
		t.Errorf("%d were sent after 998, and %d arrived in all", sent, got.Load())
	}
}

// A pasted curl line becomes a draft whose secrets never reach the page. It can be
// fired and is saved with its secrets sealed. Another session cannot use them, and
// nothing is stored before the form is saved.
func TestPasteAnExample(t *testing.T) {
	d := newDesk(t)
	got := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = r.Method + " " + r.URL.RequestURI() + " " + r.Header.Get("Authorization") + " " + string(body)
	}))
	defer server.Close()
	before, err := d.Store.AllSecrets(atWindow(t))
	if err != nil {
		t.Fatal(err)
	}
	const token = "sk-pasted-4eC39HqLyjWDarjtT1zdp7dc"
	line := `curl -k -X POST '` + server.URL + `/v1/messages?x=1' -H 'Authorization: Bearer ` + token + `' -H 'Content-Type: application/json' -d '{"to":"+919812345678","text":"Hi {{x}}"}'`
	pasted, err := d.Ops.Setup.Paste(atWindow(t), setup.PasteInput{Line: line})
	if err != nil {
		t.Fatal(err)
	}
	if shown, _ := json.Marshal(pasted); strings.Contains(string(shown), token) {
		t.Error("the page was given the token")
	}
	if len(pasted.NotCarried) == 0 || pasted.Draft.Options.SkipTLSCheck {
		t.Errorf("-k: %+v, check off %v", pasted.NotCarried, pasted.Draft.Options.SkipTLSCheck)
	}
	one := pasted.Draft
	one.PlaceID, one.StageID = d.place.ID, d.stage.ID
	want := `POST /v1/messages?x=1 Bearer ` + token + ` {"to":"+919812345678","text":"Hi {{x}}"}`
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Source: setup.Source{PasteID: pasted.ID}, Draft: &one}); err != nil || got != want {
		t.Errorf("the pasted draft sent %q, %v; want %q", got, err, want)
	}
	elsewhere := one
	elsewhere.Request.URL = "https://elsewhere.example/"
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: elsewhere, CopyOf: setup.Source{PasteID: pasted.ID}}); codeOf(err) != "setup.retype" {
		t.Errorf("its token at another host gave %v", err)
	}
	if after, _ := d.Store.AllSecrets(atWindow(t)); len(after) != len(before) {
		t.Error("a secret was stored before anything was saved")
	}
	saved, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one, CopyOf: setup.Source{PasteID: pasted.ID}})
	if err != nil {
		t.Fatal(err)
	}
	got = ""
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.Setups[0].ID}); err != nil || got != want {
		t.Errorf("the saved setup sent %q, %v", got, err)
	}
	begin(t, d.Backend, d.adminID(t))
	one.Channel = setup.Email
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one, CopyOf: setup.Source{PasteID: pasted.ID}}); codeOf(err) != "setup.paste_gone" {
		t.Errorf("another session gave %v", err)
	}
	if _, err := d.Ops.Setup.Paste(atWindow(t), setup.PasteInput{Line: "wget https://x.example"}); codeOf(err) != "curl.not_curl" {
		t.Errorf("another program's line gave %v", err)
	}
	noneOnDisk(t, d.folder, token)
}

// R9: the form says when a secret is too short to be hidden in answers.
func TestShortSecretIsSaid(t *testing.T) {
	d := newDesk(t)
	one := draft(d.place, d.stage, "https://api.example/")
	for token, said := range map[string]bool{"12345": true, "123456": false} {
		one.Request.Auth.Token = hidden(token)
		out, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: one})
		if err != nil {
			t.Fatal(err)
		}
		got := slices.ContainsFunc(out.Preview.Notes, func(note string) bool { return strings.Contains(note, "shorter than 6 characters") })
		if got != said {
			t.Errorf("%d characters: said %v", len(token), got)
		}
	}
}

// R10: a change that would make a second enabled setup for one place, stage and
// channel is refused with a link to the first, whether the setup moves there or is
// switched on there. A setup that stays where it is can be saved.
func TestUpdateIntoATakenPlace(t *testing.T) {
	d := newDesk(t)
	first := d.create(t, draft(d.place, d.stage, "https://api.example/"))
	moving := draft(d.place, d.stage, "https://api.example/")
	moving.Channel = setup.Email
	off := draft(d.place, d.stage, "https://api.example/")
	off.Enabled = false
	for name, c := range map[string]struct {
		saved  setup.Setup
		change func(*setup.Draft)
	}{
		"moved":       {d.create(t, moving), func(one *setup.Draft) { one.Channel = setup.SMS }},
		"switched on": {d.create(t, off), func(one *setup.Draft) { one.Enabled = true }},
	} {
		in := setup.UpdateInput{ID: c.saved.ID, Version: c.saved.Version, Draft: c.saved.Draft}
		c.change(&in.Draft)
		_, err := d.Ops.Setup.Update(atWindow(t), in)
		if f := fault.From(err); f == nil || f.Code != "setup.taken" || len(f.Links) != 1 || f.Links[0].ID != first.ID {
			t.Errorf("%s: %v", name, err)
		}
		in.Draft = c.saved.Draft
		in.Draft.Name = "stays"
		if _, err := d.Ops.Setup.Update(atWindow(t), in); err != nil {
			t.Errorf("%s, but left where it is: %v", name, err)
		}
	}
}

// S3: a stored secret that a template can name does not go to another token URL,
// neither by a reference nor in a new token request.
func TestStoredSecretStaysFromAnotherTokenURL(t *testing.T) {
	d := newDesk(t)
	base := draft(d.place, d.stage, "https://api.example/send")
	base.Request.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: "https://login.example/token",
		ClientID: "desk", ClientSecret: request.Value{Plain: "{{client_key}}"}}
	base.Request.Params = append(base.Request.Params, request.Param{ID: "k", Name: "client_key", Value: hidden("cNry-client-1"), In: request.ParamNowhere})
	one := d.create(t, base)
	moved := one.Draft
	moved.Request.Auth.TokenURL = "https://evil.example/token"
	_, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: one.ID, Version: one.Version, Draft: moved})
	if codeOf(err) != "setup.retype" || !slices.Equal(fieldNames(err), []string{"draft.request.params[2].value"}) {
		t.Errorf("a token URL elsewhere gave %v at %v", err, fieldNames(err))
	}
	// A bearer setup that is to fetch a token, with a key of another row in the
	// token's URL.
	other := draft(d.place, d.stage, "https://api.example/send")
	other.Channel = setup.Email
	other.Request.Params = append(other.Request.Params, request.Param{ID: "k", Name: "key", Value: hidden("cNry-client-1"), In: request.ParamNowhere})
	bearer := d.create(t, other)
	moved = bearer.Draft
	moved.Request.Auth = request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: "https://evil.example/{{key}}", ClientID: "x", ClientSecret: hidden("whatever-1")}
	_, err = d.Ops.Call.Test(atWindow(t), call.TestInput{Source: setup.Source{SetupID: bearer.ID}, Draft: &moved})
	if codeOf(err) != "setup.retype" {
		t.Errorf("a test with a token URL elsewhere gave %v", err)
	}
}
