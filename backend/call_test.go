package backend_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/gate"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

// Send once never fills an empty recipient from the Default Value, so that no
// customer's message goes to a number that was used for testing. Other fields may
// use their Default Value, and so may a test.
func TestLiveMessageDoesNotGoToADefault(t *testing.T) {
	d := newDesk(t)
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got = append(got, r.Form.Get("to"))
		w.WriteHeader(201)
	}))
	defer server.Close()
	one := draft(d.place, d.stage, server.URL)
	one.Request.BodyFormat = request.FormBody
	one.Request.StageParams[0].Default = "+919800000001"
	saved := d.create(t, one)
	in := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Confirmed: true}
	for _, empty := range []map[string]string{nil, {}, {"Mobile": ""}, {"Mobile": "  "}} {
		in.Record = empty
		_, err := d.Ops.Call.Send(atWindow(t), in)
		if codeOf(err) != "call.fields" || !slices.Equal(fieldNames(err), []string{"record.Mobile"}) || !strings.Contains(err.Error(), "Default Value") {
			t.Errorf("with %v: %v at %v", empty, err, fieldNames(err))
		}
	}
	if len(got) != 0 {
		t.Fatalf("sent to %v", got)
	}
	page, err := d.Ops.Call.List(atWindow(t), call.ListInput{})
	if err != nil || page.Count != 0 {
		t.Errorf("%d calls in the history, %v", page.Count, err)
	}
	in.Record = map[string]string{"Mobile": "+14155550100"}
	if _, err := d.Ops.Call.Send(atWindow(t), in); err != nil || !slices.Equal(got, []string{"+14155550100"}) {
		t.Errorf("with a mobile: %v, sent to %v", err, got)
	}
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID, Record: map[string]string{}}); err != nil || got[len(got)-1] != "+919800000001" {
		t.Errorf("a test: %v, sent to %v", err, got)
	}
}

// The same holds where the provider's file names the recipient: only the rows that
// its field reads count, and a number that the setup names on purpose is used.
func TestLiveMessageOfAProviderDoesNotGoToADefault(t *testing.T) {
	d := newDesk(t)
	p, err := d.Providers.Get("twilio-sms")
	if err != nil {
		t.Fatal(err)
	}
	in := provider.Sample(p, "sms", "", "", false)
	in.Values["recipient"] = request.Value{Plain: "{{who}}"}
	in.Values["message"] = request.Value{Plain: "Hello {{mobile}}"}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	spec.StageParams = []request.StageParam{{Variable: "mobile", Field: "Mobile", Default: "+919800000009"}, {Variable: "who", Field: "Mobile", Default: "+919800000001"}}
	saved := d.create(t, setup.Draft{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Provider: p.ID, Enabled: true, Request: spec})
	send := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS}
	if _, err := d.Ops.Call.Send(atWindow(t), send); codeOf(err) != "call.fields" || !slices.Equal(fieldNames(err), []string{"record.Mobile"}) {
		t.Errorf("the recipient's default gave %v at %v", err, fieldNames(err))
	}
	// Named on purpose: the row has no stage field, and the field of the message may
	// use its Default Value.
	changed := saved.Draft
	changed.Request.StageParams[1].Field = ""
	if _, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: saved.ID, Version: saved.Version, Draft: changed}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Call.Send(atWindow(t), send); codeOf(err) != "call.confirm" || !strings.Contains(err.Error(), "+919800000001") {
		t.Errorf("a number named on purpose gave %v", err)
	}
}

// Calls and Activity are listed in both orders of time, page after page without a
// gap, and counted in the first page. Calls that the simulator answered can be
// told from the rest.
func TestListsBothWaysAndCounted(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }))
	defer server.Close()
	one := d.create(t, draft(d.place, d.stage, server.URL))
	for range 5 {
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); err != nil {
			t.Fatal(err)
		}
	}
	ids := func(oldest bool) (ids []string) {
		in := call.ListInput{OldestFirst: oldest, Limit: 2}
		for {
			page, err := d.Ops.Call.List(atWindow(t), in)
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			if in.Before == "" {
				want = 5
			}
			if page.Count != want || page.Capped {
				t.Errorf("after %q the count is %d, capped %v", in.Before, page.Count, page.Capped)
			}
			for _, one := range page.Calls {
				ids = append(ids, one.ID)
			}
			if !page.More {
				return ids
			}
			in.Before = ids[len(ids)-1]
		}
	}
	newest, oldest := ids(false), ids(true)
	if len(newest) != 5 || !slices.IsSorted(oldest) {
		t.Errorf("newest first %v, oldest first %v", newest, oldest)
	}
	slices.Reverse(oldest)
	if !slices.Equal(newest, oldest) {
		t.Errorf("newest first %v, oldest first turned round %v", newest, oldest)
	}
	for target, want := range map[string]int{"address": 5, "simulator": 0} {
		if page, err := d.Ops.Call.List(atWindow(t), call.ListInput{Target: target}); err != nil || page.Count != want || len(page.Calls) != want {
			t.Errorf("%s: %d, %v", target, page.Count, err)
		}
	}

	trail := func(oldest bool) (seqs []int64) {
		in := activity.ListInput{OldestFirst: oldest, Limit: 3}
		for {
			page, err := d.Ops.Activity.List(atWindow(t), in)
			if err != nil {
				t.Fatal(err)
			}
			if in.Before == 0 && page.Count < 8 || in.Before > 0 && page.Count != 0 {
				t.Errorf("after %d the count is %d", in.Before, page.Count)
			}
			for _, entry := range page.Entries {
				seqs = append(seqs, entry.Seq)
			}
			if !page.More {
				return seqs
			}
			in.Before = seqs[len(seqs)-1]
		}
	}
	down, up := trail(false), trail(true)
	slices.Reverse(up)
	if len(down) < 8 || !slices.Equal(down, up) {
		t.Errorf("the trail down %v, up turned round %v", down, up)
	}
}

// A30 R6: a setup that fetches its token fires: the token goes out in the
// header, and neither it nor the client secret is kept.
func TestFetchedTokenIsFiredWith(t *testing.T) {
	d := newDesk(t)
	var sent string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"access_token":"token-Zx81-fetched","token_type":"Bearer","expires_in":3600}`))
			return
		}
		sent = r.Header.Get("Authorization")
		w.WriteHeader(201)
		_, _ = w.Write([]byte(sent))
	}))
	defer server.Close()
	one := draft(d.place, d.stage, server.URL)
	one.Request.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: server.URL + "/token", ClientID: "desk", ClientSecret: hidden("client-Qw72-secret")}
	saved := d.create(t, one)
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
	if err != nil || sent != "Bearer token-Zx81-fetched" || detail.Call.Verdict != "accepted" {
		t.Fatalf("sent %q, %+v, %v", sent, detail.Call, fault.From(err))
	}
	for what, text := range map[string]string{"the request": detail.Request.Wire, "the answer": detail.Reply.Text} {
		if strings.Contains(text, "Zx81") || strings.Contains(text, "Qw72") || strings.Contains(text, "fetched when fired") {
			t.Errorf("%s shows a secret or a stand-in: %s", what, text)
		}
	}
}

// Checking a credential with the TLS check off asks for the same permission as a
// test does.
func TestCheckWithTheTLSCheckOff(t *testing.T) {
	d := newDesk(t)
	d.own(t, acmeFile("https://127.0.0.1:1"))
	one, _ := d.provided(t, "acme-sms", map[string]string{"api_key": "my-secret-key-1"})
	one.Options.SkipTLSCheck = true
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Maker", Permissions: []access.Permission{access.ViewSetup, access.CreateSetup, access.TestSetup, access.ViewProcess}})
	if err != nil {
		t.Fatal(err)
	}
	begin(t, d.Backend, roleUser(t, d.Backend, "maker-person", role.ID))
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &one}); codeOf(err) != "access.forbidden" {
		t.Errorf("test gave %v", err)
	}
	if checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{Draft: &one}); codeOf(err) != "access.forbidden" {
		t.Errorf("check gave %+v %v", checked, err)
	}
}

// S5: where the TLS check is off it is off for one destination. Without Can Manage
// Settings nobody takes that to another address, by a save, a copy, a test or a
// check.
func TestTheTLSCheckIsOffForOneDestination(t *testing.T) {
	d := newDesk(t)
	one := draft(d.place, d.stage, "https://127.0.0.1:1/a")
	one.Options.SkipTLSCheck, one.Enabled = true, false
	saved := d.create(t, one)
	role, err := d.Ops.User.CreateRole(atWindow(t), user.CreateRoleInput{Name: "Maker", Permissions: []access.Permission{
		access.ViewSetup, access.CreateSetup, access.EditSetup, access.TestSetup, access.ViewProcess}})
	if err != nil {
		t.Fatal(err)
	}
	begin(t, d.Backend, roleUser(t, d.Backend, "maker-person", role.ID))
	source := setup.Source{SetupID: saved.ID}
	for name, c := range map[string]struct {
		change func(*setup.Draft)
		code   string
	}{
		"the same destination": {func(s *setup.Draft) { s.Request.URL = "https://127.0.0.1:1/b" }, ""},
		"another port":         {func(s *setup.Draft) { s.Request.URL = "https://127.0.0.1:2/a" }, "access.forbidden"},
		"another host":         {func(s *setup.Draft) { s.Request.URL = "https://localhost:1/a" }, "access.forbidden"},
		"another place for its token": {func(s *setup.Draft) {
			s.Request.Auth = request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: "https://127.0.0.1:2/t", ClientID: "c", ClientSecret: hidden("typed-again")}
		}, "access.forbidden"},
	} {
		changed := saved.Draft
		changed.Name = name
		changed.Request.Auth.Token = hidden("typed-again")
		c.change(&changed)
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &changed, Source: source}); codeOf(err) != c.code {
			t.Errorf("%s: the test gave %v", name, err)
		}
		if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: changed, CopyOf: source}); codeOf(err) != c.code {
			t.Errorf("%s: the copy gave %v", name, err)
		}
		after, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: saved.ID, Version: saved.Version, Draft: changed})
		if codeOf(err) != c.code {
			t.Errorf("%s: the save gave %v", name, err)
		}
		if err == nil {
			saved = after
		}
	}
}

// R9: if a token address repeats the client's id and secret, plain or in the
// base64 of Basic, they are hidden in the result and the history.
func TestRefusedTokenHidesTheSecret(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(401)
		_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"bad `+r.Header.Get("Authorization")+`"}`)
	}))
	defer server.Close()
	one := draft(d.place, d.stage, server.URL)
	one.Request.Auth = request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: server.URL + "/token", ClientID: "desk", ClientSecret: hidden("client-Qw72/secret&+")}
	saved := d.create(t, one)
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: detail.Call.ID})
	if err != nil || !strings.Contains(kept.Call.Reason, "invalid_client") {
		t.Errorf("%v %q", err, kept.Call.Reason)
	}
	hiddenIn(t, "the reason", kept.Call.Reason, []string{"client-Qw72/secret&+"})
	if strings.Contains(kept.Call.Reason, "Basic Z") || strings.Contains(kept.Call.Reason, "Y2xpZW50") {
		t.Error("derived credential in the reason")
	}
}

// R9: a server may echo a secret in its status line too.
func TestStatusLineIsRedacted(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		_, _ = io.WriteString(conn, "HTTP/1.1 401 No "+r.Header.Get("Authorization")+"\r\nContent-Length: 0\r\n\r\n")
		_ = conn.Close()
	}))
	defer server.Close()
	saved := d.create(t, draft(d.place, d.stage, server.URL))
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: detail.Call.ID})
	if err != nil || kept.Reply.Answer.StatusText == "" || strings.Contains(kept.Reply.Answer.StatusText, canary) {
		t.Errorf("kept %q", kept.Reply.Answer.StatusText)
	}
}

// The daily limit counts from midnight in the organisation's time zone (here
// Asia/Kolkata, 5:30 ahead), whatever the time zone of the computer is.
func TestSendsADayOfTheOrganisation(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }))
	defer server.Close()
	d.create(t, draft(d.place, d.stage, server.URL))
	in := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true}
	admin := d.adminID(t)
	for _, step := range []struct {
		at   string
		fill int
		want string
	}{
		{"2026-03-01T00:00:00+05:30", 0, ""},
		{"2026-03-01T00:00:01+05:30", 998, ""},
		{"2026-03-01T23:59:59+05:30", 0, "call.daily_limit"},
		{"2026-03-02T00:00:00+05:30", 999, ""},
		{"2026-03-02T05:30:00+05:30", 0, "call.daily_limit"}, // midnight in UTC
		{"2026-03-03T00:00:00+05:30", 0, ""},
	} {
		at, err := time.Parse(time.RFC3339, step.at)
		if err != nil {
			t.Fatal(err)
		}
		d.now = at.UTC()
		begin(t, d.Backend, admin)
		sent, err := d.Ops.Call.Send(atWindow(t), in)
		if got := codeOf(err); got != step.want {
			t.Errorf("at %s: %q, want %q", step.at, got, step.want)
		}
		if step.fill > 0 {
			d.copyCall(t, sent.Call.ID, step.fill)
		}
	}
}

// A caller that asks again under the same idempotency key gets the result of
// the first call and sends nothing. While the first is being sent it is refused,
// and another message needs another key. The same key of another caller is a
// different key.
func TestSendAgainUnderTheSameKey(t *testing.T) {
	d := newDesk(t)
	ctx := atWindow(t)
	var got atomic.Int32
	arrived, answer := make(chan struct{}, 9), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		got.Add(1)
		arrived <- struct{}{}
		<-answer
		w.WriteHeader(201)
	}))
	defer server.Close()
	d.create(t, draft(d.place, d.stage, server.URL))
	in := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true, IdempotencyKey: "order-1"}
	type result struct {
		detail call.Detail
		err    error
	}
	first := make(chan result, 1)
	go func() {
		detail, err := d.Ops.Call.Send(ctx, in)
		first <- result{detail, err}
	}()
	select {
	case <-arrived:
	case sent := <-first:
		t.Fatalf("not sent: %v", sent.err)
	}
	if _, err := d.Ops.Call.Send(ctx, in); codeOf(err) != "call.key_running" {
		t.Errorf("while it is being sent: %v", err)
	}
	close(answer)
	sent := <-first
	if sent.err != nil || sent.detail.Call.Verdict != "accepted" {
		t.Fatalf("%+v, %v", sent.detail.Call, sent.err)
	}
	in.Confirmed = false // nothing is sent, so nothing is asked
	again, err := d.Ops.Call.Send(ctx, in)
	if err != nil || again.Call.ID != sent.detail.Call.ID || again.Call.Verdict != "accepted" || again.Reply.Answer.Status != 201 {
		t.Errorf("asked again: %+v, %v", again.Call, err)
	}
	other := in
	other.Record = map[string]string{"Mobile": "+14155550199"}
	if _, err := d.Ops.Call.Send(ctx, other); codeOf(err) != "call.key_reused" {
		t.Errorf("another message under the same key: %v", err)
	}
	if got.Load() != 1 {
		t.Fatalf("%d messages arrived", got.Load())
	}
	in.Confirmed, in.IdempotencyKey = true, "order-2"
	if second, err := d.Ops.Call.Send(ctx, in); err != nil || second.Call.ID == sent.detail.Call.ID {
		t.Errorf("another key: %v", err)
	}
	admin := d.adminID(t)
	operator := roleUser(t, d.Backend, "operator-person", user.Operator)
	begin(t, d.Backend, operator)
	in.IdempotencyKey = "order-1"
	theirs, err := d.Ops.Call.Send(ctx, in)
	if err != nil || theirs.Call.ID == sent.detail.Call.ID || got.Load() != 3 {
		t.Errorf("another caller: %v, %d arrived", err, got.Load())
	}
	want := call.Actor{Kind: string(access.Person), ID: operator, Name: "operator-person", Source: "window"}
	if theirs.Call.Actor != want {
		t.Errorf("the history says %+v, want %+v", theirs.Call.Actor, want)
	}

	// A stop in the middle: what may have been sent is never sent again.
	begin(t, d.Backend, admin)
	raw := openRaw(t, d.folder)
	if _, err := raw.Exec("UPDATE call SET state = 'sending', verdict = '' WHERE id = ?", sent.detail.Call.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.Store.InTx(ctx, func(ctx context.Context) error {
		_, err := d.Calls.Recover(ctx, struct{}{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	after, err := d.Ops.Call.Send(ctx, in)
	if err != nil || after.Call.ID != sent.detail.Call.ID || after.Call.Verdict != "unclear" || got.Load() != 3 {
		t.Errorf("after a stop: %+v, %v, %d arrived", after.Call, err, got.Load())
	}
}

// Of several calls with one key that begin at the same moment, one is sent.
func TestSendAtOnceUnderTheSameKey(t *testing.T) {
	d := newDesk(t)
	var got atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { got.Add(1); w.WriteHeader(201) }))
	defer server.Close()
	d.create(t, draft(d.place, d.stage, server.URL))
	in := call.SendInput{PlaceID: d.place.ID, StageID: d.stage.ID, Channel: setup.SMS, Record: map[string]string{"Mobile": "+14155550100"}, Confirmed: true, IdempotencyKey: "order-1"}
	errs := make(chan error, 16)
	for range cap(errs) {
		go func() {
			_, err := d.Ops.Call.Send(atWindow(t), in)
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil && codeOf(err) != "call.key_running" {
			t.Error(err)
		}
	}
	page, err := d.Ops.Call.List(atWindow(t), call.ListInput{})
	if err != nil || page.Count != 1 || got.Load() != 1 {
		t.Errorf("%d in the history, %d arrived, %v", page.Count, got.Load(), err)
	}
}

// A call says that its setup is gone only if it is, not if the setup could not be
// read.
func TestCallTellsWhetherItsSetupIsGone(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }))
	defer server.Close()
	one := d.create(t, draft(d.place, d.stage, server.URL))
	made, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	get := func() (call.Detail, error) { return d.Ops.Call.Get(atWindow(t), call.IDInput{ID: made.Call.ID}) }
	if detail, err := get(); err != nil || detail.SetupGone {
		t.Errorf("gone %v, %v", detail.SetupGone, err)
	}
	raw := openRaw(t, d.folder)
	defer func() { _ = raw.Close() }()
	document := func(text string) (before string) {
		t.Helper()
		if err := raw.QueryRow("SELECT document FROM setup").Scan(&before); err != nil {
			t.Fatal(err)
		}
		if _, err := raw.Exec("UPDATE setup SET document = ?", text); err != nil {
			t.Fatal(err)
		}
		return before
	}
	whole := document("{")
	if detail, err := get(); err == nil {
		t.Errorf("of a setup that cannot be read: gone %v and no error", detail.SetupGone)
	}
	document(whole)
	if _, err := d.Ops.Setup.Delete(atWindow(t), setup.IDInput{ID: one.ID}); err != nil {
		t.Fatal(err)
	}
	if detail, err := get(); err != nil || !detail.SetupGone {
		t.Errorf("of a deleted setup: gone %v, %v", detail.SetupGone, err)
	}
}

// A57: a call that was made while the clock was ahead does not hold the list's
// Last result for ever; an older call that ends later still does not replace a
// newer one.
func TestLastResultAfterTheClockWasAhead(t *testing.T) {
	d := newDesk(t)
	status := http.StatusCreated
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	defer server.Close()
	one := d.create(t, draft(d.place, d.stage, server.URL))
	last := func() string {
		page, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{})
		if err != nil {
			t.Fatal(err)
		}
		return page.Rows[0].LastVerdict
	}
	test := func() {
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: one.ID}); err != nil {
			t.Fatal(err)
		}
	}
	now, admin := d.now, d.adminID(t)
	d.now = now.AddDate(3, 0, 0)
	begin(t, d.Backend, admin) // a clock that jumps locks the window
	test()
	d.now, status = now.Add(time.Minute), http.StatusForbidden
	begin(t, d.Backend, admin)
	test()
	if got := last(); got != "refused" {
		t.Errorf("after the clock was put right the list says %q", got)
	}
	err := d.Store.InTx(atWindow(t), func(ctx context.Context) error {
		return d.Store.SetLastResult(ctx, one.ID, setup.LastResult{Verdict: "accepted", AtMs: now.UnixMilli()}, d.now.UnixMilli())
	})
	if got := last(); err != nil || got != "refused" {
		t.Errorf("an older call replaced it: %q, %v", got, err)
	}
}

// R8 and RULES.md, Bounds: a call whose answer is too much to be judged ends within
// its budget, is unclear, and shows the answer all the same. A cancel while the
// answer is judged ends it at once.
func TestAnswerTooMuchToBeJudged(t *testing.T) {
	d := newDesk(t)
	level := `{"f":"` + strings.Repeat("x", 1100) + `","status":`
	nested := strings.Repeat(level, 900) + `"ok"` + strings.Repeat("}", 900)
	tags := "<r>" + strings.Repeat("<a>1</a><b>2</b>", 12_000) + "</r>"
	answer, answered := nested, make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(answer))
		answered <- struct{}{}
	}))
	defer server.Close()
	one := draft(d.place, d.stage, server.URL)
	one.Rule = &verdict.Rule{Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$..status", Test: verdict.NotEquals, Value: "bad"}}, Throttled: []string{}}
	made := d.create(t, one)
	tested, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: made.ID})
	if err != nil {
		t.Fatal(err)
	}
	want := "The server answered 200, but the answer is too large or too deep to be judged by this rule."
	if tested.Call.Verdict != "unclear" || tested.Reply.Result.Reason != want || !strings.HasPrefix(tested.Reply.Text, `{"f":"xxx`) {
		t.Errorf("%s: %s, %.20s", tested.Call.Verdict, tested.Reply.Result.Reason, tested.Reply.Text)
	}
	if kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: tested.Call.ID}); err != nil || kept.Call.Verdict != "unclear" || kept.Reply.Text == "" {
		t.Errorf("%v: %+v", err, kept.Call)
	}

	<-answered
	answer = tags
	one.Rule = &verdict.Rule{AnyOf: true, Conditions: []verdict.Condition{{From: verdict.FromXML, Path: "//r[a=b]", Test: verdict.Present}}, Throttled: []string{}}
	cancelled := make(chan error)
	go func() {
		<-answered
		time.Sleep(50 * time.Millisecond)
		_, err := d.Ops.Operation.Cancel(atWindow(t), gate.CancelInput{ID: "judged"})
		cancelled <- err
	}()
	began := time.Now()
	tested, err = d.Ops.Call.Test(atWindow(t), call.TestInput{OperationID: "judged", Draft: &one})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a cancelled judgement took %v", took)
	}
	if err != nil || tested.Call.Verdict == "accepted" || tested.Call.Status != 200 {
		t.Errorf("%v: %+v", err, tested.Call)
	}
	if err := <-cancelled; err != nil {
		t.Error(err)
	}
}

// T1, T3: a rule made of a kept answer reads the text that is shown, whatever
// alphabet the answer came in, and is one for each part of a list.
func TestRuleOfAKeptAnswer(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=ISO-8859-1")
		_, _ = w.Write([]byte("{\"messages\":[{\"id\":\"m-1\",\"\xe9tat\":\"envoy\xe9\"}]}"))
	}))
	defer server.Close()
	tested, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: d.create(t, draft(d.place, d.stage, server.URL)).ID})
	if err != nil || tested.Reply.Text != `{"messages":[{"id":"m-1","état":"envoyé"}]}` {
		t.Fatal(err, tested.Reply.Text)
	}
	whole, err := d.Ops.Call.SuggestRule(atWindow(t), call.SuggestInput{ID: tested.Call.ID})
	if err != nil || whole.Text() != "status 200 and for each of $.messages: @.id present" {
		t.Errorf("%s, %v", whole.Text(), err)
	}
	clicked, err := d.Ops.Call.SuggestRule(atWindow(t), call.SuggestInput{ID: tested.Call.ID, Path: "$.messages[0].état", Value: "envoyé"})
	if err != nil || clicked.Text() != "status 200 and for each of $.messages: @.état is envoyé" || clicked.MessageID.Path != "@.id" {
		t.Errorf("%s, %+v, %v", clicked.Text(), clicked.MessageID, err)
	}
	one := draft(d.place, d.stage, server.URL)
	one.Rule = &clicked
	if again, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &one}); err != nil || again.Call.Verdict != "accepted" || again.Call.MessageID != "m-1" {
		t.Errorf("%v, %+v", err, again.Call)
	}
}
