package backend_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/user"
	"keydesk/backend/verdict"
)

// noPart looks for a piece of a secret in what is shown: any of its runs of
// characters of a length, in any case.
func noPart(t testing.TB, what string, shown any, length int, canaries ...string) {
	t.Helper()
	data, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ToLower(string(data))
	for _, word := range canaries {
		word = strings.ToLower(word)
		for i := 0; i+length <= len(word); i++ {
			if at := strings.Index(text, word[i:i+length]); at >= 0 {
				t.Errorf("%s holds %q of a secret: ...%s", what, word[i:i+length], text[max(0, at-60):min(len(text), at+60)])
				return
			}
		}
	}
}

// asRole signs a new person with a role in at another window.
func (d *desk) asRole(t testing.TB, role string) (window string) {
	t.Helper()
	name := role + "-person"
	roleUser(t, d.Backend, name, role)
	other := from(t, access.Window, name)
	if _, err := d.Ops.User.SignIn(other, user.SignInInput{Name: name, Password: secret.New("a-long-enough-" + name)}); err != nil {
		t.Fatal(err)
	}
	return name
}

// leaks are drafts that once brought a secret out of a preview.
func leaks(one setup.Draft) map[string]setup.Draft {
	variant := func(change func(spec *request.Spec)) setup.Draft {
		draft := one
		draft.Request.Params = slices.Clone(one.Request.Params)
		draft.Request.Fixed = slices.Clone(one.Request.Fixed)
		change(&draft.Request)
		return draft
	}
	plain := func(text string) request.Value { return request.Value{Plain: text} }
	template := func(text string) func(*request.Spec) {
		return func(s *request.Spec) {
			s.Fixed = append(s.Fixed, request.Field{ID: "t", Name: "t", Value: plain(text), Template: true})
		}
	}
	out := map[string]setup.Draft{
		"a number": variant(func(s *request.Spec) {
			s.Params = append(s.Params, request.Param{ID: "n", Name: "n", Value: plain(" 1{{pin}}"), Type: request.NumberParam})
		}),
		"JSON": variant(func(s *request.Spec) {
			s.Params = append(s.Params, request.Param{ID: "j", Name: "j", Value: plain(`{"a":"{{auth_token}}","b":{{pin}}}`), Type: request.JSONParam})
		}),
		"a path": variant(func(s *request.Spec) { s.URL += "/x/{{auth_token}}?q={{pin}}" }),
	}
	for _, format := range []string{"lower", "upper", "digits", "e164", "national", "country", "date:yyyy"} {
		for _, inner := range []string{"x{{auth_token}}", "{{auth_token}}", "{{pin}}", "{{pin}}5"} {
			draft := variant(template(inner))
			draft.Request.Params = append(draft.Request.Params, request.Param{ID: "f", Name: "f", Value: plain("{{t|" + format + "}}")})
			out[inner+" as "+format] = draft
			direct := variant(func(s *request.Spec) {
				s.Params = append(s.Params, request.Param{ID: "f", Name: "f", Value: plain("a{{auth_token|" + format + "}}{{pin|" + format + "}}")})
			})
			out["direct "+format] = direct
		}
	}
	return out
}

// R6, A35, A55: no draft, format or type brings a secret out of a preview or a
// copied curl line. Who may not make drafts sees what is saved and nothing else.
func TestNobodyReadsASecretFromAPreview(t *testing.T) {
	d := newDesk(t)
	const token, pin = "tQ7xw9RzKp4m", "918273645546"
	one := draft(d.place, d.stage, "https://api.example")
	one.Request.Auth = request.Auth{Type: request.NoAuth}
	one.Request.Params = append(one.Request.Params,
		request.Param{ID: "p1", Name: "auth_token", Value: hidden(token), In: request.ParamNowhere},
		request.Param{ID: "p2", Name: "pin", Value: hidden(pin), In: request.ParamNowhere})
	saved := d.create(t, one)
	viewer := from(t, access.Window, d.asRole(t, user.Viewer))
	shown, err := d.Ops.Setup.Preview(viewer, setup.PreviewInput{Draft: saved.Draft, Source: setup.Source{SetupID: saved.ID}})
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(shown.Preview)
	for name, draft := range leaks(saved.Draft) {
		source := setup.Source{SetupID: saved.ID}
		for _, who := range []string{"admin", "viewer"} {
			ctx := atWindow(t)
			if who == "viewer" {
				ctx = viewer
			}
			preview, err := d.Ops.Setup.Preview(ctx, setup.PreviewInput{Draft: draft, Source: source})
			if err != nil {
				t.Fatal(name, err)
			}
			noPart(t, name+" for the "+who, preview, 5, token, pin)
			if got, _ := json.Marshal(preview.Preview); who == "viewer" && string(got) != string(want) {
				t.Errorf("%s: a viewer's draft was rendered: %s", name, got)
			}
			for _, shell := range []string{"posix", "powershell", "cmd"} {
				line, err := d.Ops.Setup.Curl(ctx, setup.CurlInput{Draft: draft, Source: source, Shell: shell})
				if err != nil {
					t.Fatal(name, err)
				}
				noPart(t, name+" as "+shell, line, 5, token, pin)
			}
		}
	}
	if _, err := d.Ops.Setup.Preview(viewer, setup.PreviewInput{Draft: saved.Draft}); codeOf(err) != "setup.not_found" {
		t.Errorf("a viewer's own draft gave %v", err)
	}
}

// echo answers with what it was sent, in several spellings.
func echo(t testing.TB, answer func(w http.ResponseWriter, sent string, r *http.Request)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var head strings.Builder
		_ = r.Header.Write(&head)
		answer(w, r.URL.String()+"\n"+head.String()+"\n"+string(body), r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// R9: a rule reads the answer after the secrets were taken out of it, so that no
// pattern picks one apart: not in an extractor, a condition or a probe.
func TestRulesDoNotPickASecretApart(t *testing.T) {
	d := newDesk(t)
	url := echo(t, func(w http.ResponseWriter, _ string, r *http.Request) {
		w.Header().Set("X-Trace", r.Header.Get("Authorization")+r.Header.Get("X-Key"))
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "you sent "+r.Header.Get("Authorization")+" and "+r.Header.Get("X-Key"))
	})
	pick := verdict.Extractor{From: verdict.FromText, Path: `Bearer .{5}(.{1,5})`}
	const key = "vQ7xZk92mB4w"
	one := draft(d.place, d.stage, url)
	one.Request.Auth.Token = hidden(key)
	one.Rule = &verdict.Rule{Status: "200", Conditions: []verdict.Condition{
		{From: verdict.FromText, Path: "Bearer (.{4,9})", Test: verdict.Equals, Value: "x"},
		{From: verdict.FromHeader, Path: "X-Trace", Test: verdict.Matches, Value: "^Bearer vQ"},
	}, MessageID: pick, ErrorCode: pick, ErrorText: verdict.Extractor{From: verdict.FromHeader, Path: "X-Trace"}}
	saved := d.create(t, one)
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
	if err != nil {
		t.Fatal(err)
	}
	noPart(t, "the result", detail, 4, key)
	kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: detail.Call.ID})
	if err != nil {
		t.Fatal(err)
	}
	noPart(t, "the history", kept, 4, key)

	d.own(t, strings.ReplaceAll(acmeFile(url), "error_code: {from: json, path: $.code}", `error_code: {from: text, path: 'and (.{1,12})'}`))
	draft, _ := d.provided(t, "acme-sms", map[string]string{"api_key": key})
	checked, err := d.Ops.Call.Check(atWindow(t), call.CheckInput{Draft: &draft})
	if err != nil || checked.Status != http.StatusForbidden {
		t.Fatalf("%v %+v", err, checked)
	}
	noPart(t, "the probe's reason", checked, 4, key)
}

// R9: a secret too short to be looked for is masked at its place, in what is
// shown and in what is kept.
func TestShortSecretsAreMaskedAtTheirPlaces(t *testing.T) {
	d := newDesk(t)
	const short = "9Kq7"
	url := echo(t, func(w http.ResponseWriter, sent string, _ *http.Request) {
		if !strings.Contains(sent, short) {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	one := draft(d.place, d.stage, url+"/{{pin}}?k={{pin}}")
	one.Request.Auth = request.Auth{Type: request.Basic, Username: "u", Password: hidden(short)}
	one.Request.Headers = []request.Header{{Name: "X-Pin", Value: hidden(short)}}
	one.Request.Params = append(one.Request.Params,
		request.Param{Name: "pin", Value: hidden(short), In: request.ParamNowhere},
		request.Param{Name: "p", Value: request.Value{Plain: "a{{pin}}b"}})
	saved := d.create(t, one)
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
	if err != nil || detail.Call.Status != http.StatusOK {
		t.Fatalf("%v %+v", err, detail.Call)
	}
	kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: detail.Call.ID})
	if err != nil {
		t.Fatal(err)
	}
	for what, shown := range map[string]any{"the result": detail, "the history": kept} {
		noPart(t, what, shown, len(short), short, base64.StdEncoding.EncodeToString([]byte("u:" + short))[2:])
	}
	if !strings.Contains(kept.Request.Wire, "Content-Length: set when sent") || !strings.Contains(kept.Request.Wire, "a"+secret.Mask+"b") {
		t.Errorf("kept:\n%s", kept.Request.Wire)
	}
	preview, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: saved.Draft, Source: setup.Source{SetupID: saved.ID}})
	if err != nil || !slices.ContainsFunc(preview.Preview.Notes, func(note string) bool { return strings.Contains(note, "shorter than 6") }) {
		t.Errorf("%v: the form does not warn: %q", err, preview.Preview.Notes)
	}
	noPart(t, "the preview", preview, len(short), short)
}

// R9: a token address repeats the client id, a scope and its own query, and each
// can hold a secret; what is cut is redacted first.
func TestTokenAddressRepeatsWhatItWasSent(t *testing.T) {
	d := newDesk(t)
	const id, scope, query, secret = "iD7Qw2xZ0v", "pE9Xk4yR1u", "qY3Zt8wN5b", "sK7761vJ4h"
	for before := range 12 {
		url := echo(t, func(w http.ResponseWriter, sent string, r *http.Request) {
			user, _, _ := r.BasicAuth()
			w.WriteHeader(http.StatusBadRequest)
			said, _ := json.Marshal(map[string]string{"error": "invalid_scope", "error_description": strings.Repeat("x", 200-len("invalid_scope ")-before) + scope + user + sent})
			_, _ = w.Write(said)
		})
		one := draft(d.place, d.stage, url)
		one.StageID, one.Name = "", fmt.Sprint("Repeats ", before)
		one.Enabled = false
		one.Request.Auth = request.Auth{Type: request.OAuth2, FetchToken: true, TokenURL: url + "/t?key={{query}}", ClientID: "{{id}}", ClientSecret: hidden(secret), Scopes: "a {{scope}}"}
		one.Request.Params = append(one.Request.Params,
			request.Param{Name: "id", Value: hidden(id), In: request.ParamNowhere}, request.Param{Name: "scope", Value: hidden(scope), In: request.ParamNowhere},
			request.Param{Name: "query", Value: hidden(query), In: request.ParamNowhere})
		saved := d.create(t, one)
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
		if err != nil {
			t.Fatal(err)
		}
		noPart(t, "the result", detail, 4, id, scope, query, secret)
	}
}

// R9: error texts are cut after the secrets were taken out of them, and an answer
// is searched for every secret of the setup, also for those that this request did
// not send and for a token that was refused.
func TestAnswersAreRedactedBeforeTheyAreCut(t *testing.T) {
	d := newDesk(t)
	const unused, key = "uN8Yw5zC2k", "vQ7xZk92mB4w"
	for before := range 12 {
		answer := ""
		url := echo(t, func(w http.ResponseWriter, _ string, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, answer)
		})
		one := draft(d.place, d.stage, url)
		one.Enabled, one.Name = false, fmt.Sprint("Cut ", before)
		one.Request.Auth.Token = hidden(key)
		one.Request.Params = append(one.Request.Params, request.Param{Name: "unused", Value: hidden(unused), In: request.ParamNowhere})
		one.Rule = &verdict.Rule{Status: "200", ErrorText: verdict.Extractor{From: verdict.FromJSON, Path: "$.e"}, ErrorCode: verdict.Extractor{From: verdict.FromJSON, Path: "$.u"}}
		said, _ := json.Marshal(map[string]string{"e": strings.Repeat("x", 200-before) + key + unused, "u": unused})
		answer = string(said)
		saved := d.create(t, one)
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
		if err != nil {
			t.Fatal(err)
		}
		noPart(t, "the result", detail, 4, key, unused)
	}
	// A token that was answered with 401, and its successor.
	fetched := 0
	url := echo(t, func(w http.ResponseWriter, sent string, r *http.Request) {
		if strings.HasPrefix(sent, "/token") {
			fetched++
			_, _ = fmt.Fprintf(w, `{"access_token":"fQ-%d-zX8kW3nT6y","expires_in":3600}`, fetched)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, "neither fQ-1-zX8kW3nT6y nor fQ-2-zX8kW3nT6y")
	})
	one := draft(d.place, d.stage, url)
	one.Enabled, one.Name = false, "Tokens"
	one.Request.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: url + "/token", ClientID: "desk", ClientSecret: hidden("cl-secret-7761")}
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: d.create(t, one).ID})
	if err != nil || fetched != 2 {
		t.Fatalf("%v, %d tokens fetched", err, fetched)
	}
	noPart(t, "the result", detail, 8, "fQ-1-zX8kW3nT6y", "fQ-2-zX8kW3nT6y")
}

// R9: a number has no room for a mask. The answer is still JSON for the rule.
func TestSecretNumbersInAnAnswer(t *testing.T) {
	d := newDesk(t)
	url := echo(t, func(w http.ResponseWriter, _ string, _ *http.Request) {
		_, _ = io.WriteString(w, `{"pin":918273645546,"list":[918273645546,1.50],"status":"ok"}`)
	})
	one := draft(d.place, d.stage, url)
	one.Request.Auth = request.Auth{Type: request.Bearer, Token: hidden("918273645546")}
	one.Rule = &verdict.Rule{Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$.status", Test: verdict.Equals, Value: "ok"}, {From: verdict.FromJSON, Path: "$.list[1]", Test: verdict.Equals, Value: "1.50"}}}
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: d.create(t, one).ID})
	if err != nil || detail.Call.Verdict != string(verdict.Accepted) {
		t.Errorf("%v, %s: %s, %s", err, detail.Call.Verdict, detail.Call.Reason, detail.Reply.Text)
	}
	noPart(t, "the result", detail, 6, "918273645546")
}

// R9: a redirect is shown with the address that it answers, in which a short secret
// has a known place, also where the next address is relative to it.
func TestShortSecretsAreMaskedInRedirects(t *testing.T) {
	d := newDesk(t)
	const short = "9Kq7"
	url := echo(t, func(w http.ResponseWriter, sent string, _ *http.Request) {
		switch {
		case strings.Contains(sent, "fourth"):
			return
		case strings.Contains(sent, "third"):
			w.Header().Set("Location", "/fourth")
		case strings.Contains(sent, "second"):
			w.Header().Set("Location", "?third")
		default:
			w.Header().Set("Location", "second")
		}
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	one := draft(d.place, d.stage, url+"/{{pin}}/first?k={{pin}}")
	one.Options.Redirects = 5
	one.Request.Params = append(one.Request.Params, request.Param{Name: "pin", Value: hidden(short), In: request.ParamNowhere})
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: d.create(t, one).ID})
	if err != nil || len(detail.Reply.Answer.Hops) != 3 || detail.Call.Status != http.StatusOK {
		t.Fatalf("%v %+v", err, detail.Reply.Answer)
	}
	kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: detail.Call.ID})
	if err != nil {
		t.Fatal(err)
	}
	noPart(t, "the result", detail, len(short), short)
	noPart(t, "the history", kept, len(short), short)
	if first := detail.Reply.Answer.Hops[0]; first.URL != url+"/"+secret.Mask+"/first?k="+secret.Mask {
		t.Errorf("the first reads %+v", first)
	}
}

// R9: an answer that breaks off in the middle of a secret keeps nothing of it, and
// neither does one in UTF-16 that does not say so.
func TestNoPartOfASecretInAnOddAnswer(t *testing.T) {
	d := newDesk(t)
	const key = "vQ7xZk92mB4wLp"
	answers := map[string]string{
		"cut":    `{"you sent":"Bearer vQ7xZk92mB4w`,
		"UTF-16": strings.Join(strings.Split("you sent "+key, ""), "\x00") + "\x00",
	}
	for name, answer := range answers {
		url := echo(t, func(w http.ResponseWriter, _ string, _ *http.Request) {
			if name == "cut" {
				w.Header().Set("Content-Length", "500")
			}
			_, _ = io.WriteString(w, answer)
		})
		one := draft(d.place, d.stage, url)
		one.Name, one.Enabled = name, false
		one.Request.Auth.Token = hidden(key)
		one.Rule = &verdict.Rule{Status: "200", ErrorText: verdict.Extractor{From: verdict.FromText, Path: "sent(.*)"}}
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: d.create(t, one).ID})
		if err != nil || !strings.Contains(detail.Reply.Text, secret.Mask) {
			t.Errorf("%s: %v, %q", name, err, detail.Reply.Text)
		}
		noPart(t, name, detail, 3, key)
	}
}

// RULES.md, Bounds: to redact a number in a huge answer costs no more than the
// answer, and what cannot be read is not accepted.
func TestASecretNumberInAHugeAnswer(t *testing.T) {
	d := newDesk(t)
	url := echo(t, func(w http.ResponseWriter, _ string, _ *http.Request) {
		_, _ = io.WriteString(w, "[918273645546,"+strings.Repeat(`{"a":1},`, 9<<20/8)+"0]")
	})
	one := draft(d.place, d.stage, url)
	one.Request.Auth.Token = hidden("918273645546")
	one.Rule = &verdict.Rule{Status: "200", Conditions: []verdict.Condition{{From: verdict.FromJSON, Path: "$[1].a", Test: verdict.Equals, Value: "1"}}}
	saved := d.create(t, one)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
	runtime.ReadMemStats(&after)
	if err != nil || detail.Call.Verdict != string(verdict.Unclear) {
		t.Errorf("%v, %s", err, detail.Call.Verdict)
	}
	if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 500 {
		t.Errorf("%d MiB were used in all", mib)
	}
	noPart(t, "the result", detail, 6, "918273645546")
}

// damage changes a byte of a stored secret.
func (d *desk) damage(t testing.TB, ownerID, slot string) {
	t.Helper()
	db := openRaw(t, d.folder)
	got, err := db.Exec(`UPDATE secret SET sealed = CAST(substr(sealed, 1, 30) || x'00ff00ff' || substr(sealed, 35) AS BLOB) WHERE owner_id = ? AND slot = ?`, ownerID, slot)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := got.RowsAffected(); n != 1 {
		t.Fatalf("%d rows damaged", n)
	}
	_ = db.Close()
}

// One secret that does not open is shown in list and form, asked for where its
// text is needed, and stops nothing else.
func TestOneDamagedSecretStopsNothingElse(t *testing.T) {
	d := newDesk(t)
	sent := ""
	url := echo(t, func(_ http.ResponseWriter, all string, _ *http.Request) { sent = all })
	one := draft(d.place, d.stage, url)
	one.Request.Headers = []request.Header{{ID: "h1", Name: "X-Key", Value: hidden("hEad-er-secret-1")}}
	saved, other := d.create(t, one), draft(d.place, d.stage, url)
	other.Name, other.Enabled = "Another", false
	whole := d.create(t, other)
	d.damage(t, saved.ID, "auth.token")
	d.restart(t)

	page, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{})
	for i := 0; i < 100 && err == nil && !slices.ContainsFunc(page.Rows, func(r setup.Row) bool { return r.Unreadable }); i++ {
		page, err = d.Ops.Setup.List(atWindow(t), setup.ListInput{}) // the survey runs beside
	}
	for _, row := range page.Rows {
		if row.Unreadable != (row.ID == saved.ID) {
			t.Errorf("%s is marked %v", row.Name, row.Unreadable)
		}
	}
	got := d.saved(t, saved.ID)
	if !got.Draft.Request.Auth.Token.Unreadable || got.Draft.Request.Headers[0].Value.Unreadable {
		t.Errorf("the form is told %+v", got.Draft.Request)
	}
	// Firing needs it, and says where.
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID}); !slices.Equal(fieldNames(err), []string{"draft.request.auth.token"}) {
		t.Errorf("firing gave %v", err)
	}
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: whole.ID}); err != nil {
		t.Errorf("another setup: %v", err)
	}
	// A rename does not need it.
	renamed := got.Draft
	renamed.Name = "Renamed"
	got = d.save(t, got, renamed)
	// Neither does a preview, a curl line or a copy without it.
	if _, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: got.Draft, Source: setup.Source{SetupID: got.ID}}); err != nil {
		t.Error(err)
	}
	again := got.Draft
	again.Name, again.Enabled = "A copy", false
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: again, CopyOf: setup.Source{SetupID: got.ID}}); !slices.Equal(fieldNames(err), []string{"draft.request.auth.token"}) {
		t.Errorf("a copy that needs it gave %v", err)
	}
	again.Request.Auth = request.Auth{Type: request.NoAuth}
	without := d.create2(t, again, got.ID)
	if got := d.slots(t, without.ID); !slices.Equal(got, []string{"header.h1"}) {
		t.Errorf("the copy has %v", got)
	}
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: without.ID}); err != nil || !strings.Contains(sent, "hEad-er-secret-1") {
		t.Errorf("%v, sent %s", err, sent)
	}
	// Typed again it is whole.
	typed := got.Draft
	typed.Request.Auth.Token = hidden("typed-again-token")
	got = d.save(t, got, typed)
	if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: got.ID}); err != nil || !strings.Contains(sent, "Bearer typed-again-token") {
		t.Errorf("%v, sent %s", err, sent)
	}
	if page, _ := d.Ops.Setup.List(atWindow(t), setup.ListInput{}); slices.ContainsFunc(page.Rows, func(r setup.Row) bool { return r.Unreadable }) {
		t.Error("a row is still marked")
	}
}

// A setup whose document cannot be read stops nothing else, is named in words where
// it is needed, and can be deleted, purged and made again.
func TestOneDamagedSetupStopsNothingElse(t *testing.T) {
	d := newDesk(t)
	url := echo(t, func(http.ResponseWriter, string, *http.Request) {})
	one := draft(d.place, d.stage, url)
	one.Name = "Reminder"
	bad := d.create(t, one)
	one.Channel, one.Name = setup.Email, "Another"
	whole := d.create(t, one)
	db := openRaw(t, d.folder)
	if _, err := db.Exec(`UPDATE setup SET document = substr(document, 1, 200), checked = '{' WHERE id = ?`, bad.ID); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	ctx := atWindow(t)
	ask := func(err error) {
		t.Helper()
		if known := fault.From(err); err == nil || known.Code != "setup.damaged" || !strings.Contains(known.Message, "Reminder") || len(known.Links) != 1 {
			t.Errorf("it gave %v", err)
		}
	}
	_, err := d.Ops.Setup.Get(ctx, setup.IDInput{ID: bad.ID})
	ask(err)
	_, err = d.Ops.Setup.Update(ctx, setup.UpdateInput{ID: bad.ID, Version: bad.Version, Draft: bad.Draft})
	ask(err)
	_, err = d.Ops.Call.Test(ctx, call.TestInput{SetupID: bad.ID})
	ask(err)
	if file, err := d.Ops.Transfer.Export(ctx, transfer.ExportInput{}); err != nil || !strings.Contains(file.Text, "Another") || strings.Contains(file.Text, "Reminder") {
		t.Errorf("the others are exported: %v, %s", err, file.Text)
	}
	_, err = d.Ops.Setup.Create(ctx, setup.CreateInput{Draft: bad.Draft, CopyOf: setup.Source{SetupID: bad.ID}})
	ask(err)
	run, err := d.Ops.Call.TestAll(ctx, call.AllInput{})
	if err != nil || run.Fired != 1 || len(run.NotFired) != 1 || run.NotFired[0].Title != "Reminder" || !strings.Contains(run.NotFired[0].Why, "is damaged") {
		t.Errorf("Test all: %+v, %v", run, err)
	}
	if _, err := d.Ops.Transfer.Export(ctx, transfer.ExportInput{IDs: []string{whole.ID}}); err != nil {
		t.Error(err)
	}
	again := draft(d.place, d.stage, url)
	_, err = d.Ops.Setup.Create(ctx, setup.CreateInput{Draft: again}) // at its place
	ask(err)
	if info, err := d.Ops.Setup.DeleteInfo(ctx, setup.IDInput{ID: bad.ID}); err != nil || info.Title != "Reminder" {
		t.Errorf("%+v, %v", info, err)
	}
	if _, err := d.Ops.Setup.Delete(ctx, setup.IDInput{ID: bad.ID}); err != nil {
		t.Fatal(err)
	}
	_, err = d.Ops.Setup.Restore(ctx, setup.IDInput{ID: bad.ID})
	ask(err)
	d.create(t, again)
	d.now = d.now.Add(31 * 24 * time.Hour)
	if count := d.purge(t); count != 1 {
		t.Errorf("%d purged", count)
	}
}

// An entry of the history that cannot be read is shown as far as it can, and keeps
// no live call in the state of being sent.
func TestOneDamagedCallStopsNothingElse(t *testing.T) {
	d := newDesk(t)
	saved := d.create(t, draft(d.place, d.stage, echo(t, func(http.ResponseWriter, string, *http.Request) {})))
	var ids []string
	for range 2 {
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, detail.Call.ID)
	}
	db := openRaw(t, d.folder)
	for _, change := range []string{"UPDATE call SET state = 'sending', mode = 'live', verdict = ''", "UPDATE call SET answer = '{', record = '' WHERE id = '" + ids[0] + "'"} {
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
	}
	if detail, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: ids[0]}); err != nil || detail.Note == "" || detail.Request.Wire == "" {
		t.Errorf("%+v, %v", detail, err)
	}
	_ = db.Close()
	d.restart(t)
	for _, id := range ids {
		if detail, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: id}); err != nil || detail.Call.State != call.Done || detail.Call.Verdict != string(verdict.Unclear) {
			t.Errorf("%+v, %v", detail.Call, err)
		}
	}
}

// create2 saves a copy.
func (d *desk) create2(t testing.TB, one setup.Draft, of string) setup.Setup {
	t.Helper()
	saved, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one, CopyOf: setup.Source{SetupID: of}})
	if err != nil {
		t.Fatalf("%v %+v", err, fault.From(err))
	}
	return saved.Setups[0]
}

// What has to be known of a secret is checked when it is typed and holds later:
// a stored one is refused where it does not fit, without being opened. Of one
// that was stored by an earlier version it is found out after the next opening.
func TestStoredSecretsAreCheckedWithoutBeingOpened(t *testing.T) {
	d := newDesk(t)
	one := draft(d.place, d.stage, "https://api.example")
	one.Request.Params = []request.Param{{ID: "p1", Name: "pin", Value: hidden("nine")}, {ID: "p2", Name: "pem", Value: hidden("a\nb")}}
	saved := d.create(t, one)
	db := openRaw(t, d.folder)
	if _, err := db.Exec(`UPDATE secret SET about = ''`); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	d.restart(t)
	number := saved.Draft
	number.Request.Params = slices.Clone(number.Request.Params)
	number.Request.Params[0].Type = request.NumberParam
	number.Request.Params[1].In = request.ParamNowhere
	number.Request.Headers = []request.Header{{Name: "X-Pem", Value: request.Value{Plain: "{{pem}}"}}}
	asked := func() (preview request.Preview) {
		out, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: number, Source: setup.Source{SetupID: saved.ID}})
		if err != nil {
			t.Fatal(err)
		}
		return out.Preview
	}
	for range 200 { // the survey runs beside
		if len(asked().Problems) == 2 {
			break
		}
	}
	var at []string
	for _, problem := range asked().Problems {
		at = append(at, problem.Name)
	}
	slices.Sort(at)
	if !slices.Equal(at, []string{"headers[0].value", "params[0].value"}) {
		t.Errorf("problems at %v", at)
	}
	_, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: saved.ID, Version: saved.Version, Draft: number})
	if !slices.Contains(fieldNames(err), "draft.request.params[0].value") {
		t.Errorf("saving gave %v", err)
	}
}

// A35: a field of a provider is sent as it is, so what is in braces in a secret of
// it names no variable, and none of it is kept in the clear.
func TestBracesInAProvidersSecretAreNoName(t *testing.T) {
	d := newDesk(t)
	d.own(t, acmeFile("https://127.0.0.1:1"))
	const inner = "hunterHorse22"
	one, _ := d.provided(t, "acme-sms", map[string]string{"api_key": "ab{{" + inner + "}}cd"})
	one.Enabled = false
	saved := d.create(t, one)
	if where := found(t, d.folder, inner); len(where) > 0 {
		t.Errorf("it is in %v", where)
	}
	// Neither after the survey that describes what an earlier version stored.
	db := openRaw(t, d.folder)
	if _, err := db.Exec(`UPDATE secret SET about = '' WHERE owner_id = ?`, saved.ID); err != nil {
		t.Fatal(err)
	}
	var left int
	d.restart(t)
	for i := 0; i == 0 || left > 0 && i < 500; i++ { // it runs beside
		if err := db.QueryRow(`SELECT COUNT(*) FROM secret WHERE owner_id = ? AND about = ''`, saved.ID).Scan(&left); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if where := found(t, d.folder, inner); len(where) > 0 || left > 0 {
		t.Errorf("it is in %v, %d are not described", where, left)
	}
}

// FuzzNothingShownHoldsASecret makes random setups with canaries as secrets, and
// looks for them in everything that is shown or kept: preview, curl lines, the
// result, history, the export and activity (R6, R9, A35).
func FuzzNothingShownHoldsASecret(f *testing.F) {
	d := newDesk(f)
	url := echo(f, func(w http.ResponseWriter, sent string, r *http.Request) {
		w.Header().Set("X-Back", strings.ReplaceAll(r.Header.Get("Authorization")+r.Header.Get("X-A"), "\n", ""))
		switch len(sent) % 4 {
		case 0:
			_ = json.NewEncoder(w).Encode(map[string]any{"you": sent, "again": map[string]string{sent: "x"}})
		case 1:
			_, _ = io.WriteString(w, base64.StdEncoding.EncodeToString([]byte(sent)))
		case 2:
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, sent)
		default:
			_, _ = fmt.Fprintf(w, "%q", sent)
		}
	})
	for i := range 40 {
		f.Add(strings.Repeat(string(rune('a'+i))+string(rune('!'+i))+"kZ3", 20))
	}
	made := 0
	f.Fuzz(func(t *testing.T, choices string) {
		one, canaries := randomDraft(choices, d, url)
		ctx := access.WithSource(t.Context(), window)
		preview, err := d.Ops.Setup.Preview(ctx, setup.PreviewInput{Draft: one})
		if err == nil {
			noSecret(t, "the preview of what was typed", preview, canaries)
		}
		made++
		one.Name = fmt.Sprint("Fuzz ", made)
		saved, err := d.Ops.Setup.Create(ctx, setup.CreateInput{Draft: one})
		if err != nil {
			noSecret(t, "the refusal", fault.From(err).Message, canaries)
			return
		}
		id := saved.Setups[0].ID
		source := setup.Source{SetupID: id}
		if preview, err = d.Ops.Setup.Preview(ctx, setup.PreviewInput{Draft: saved.Setups[0].Draft, Source: source}); err != nil {
			t.Fatal(err)
		}
		noSecret(t, "the preview", preview, canaries)
		for _, shell := range []string{"posix", "powershell", "cmd"} {
			line, err := d.Ops.Setup.Curl(ctx, setup.CurlInput{Draft: saved.Setups[0].Draft, Source: source, Shell: shell})
			if err != nil {
				t.Fatal(err)
			}
			noSecret(t, "the curl line", line, canaries)
		}
		if detail, err := d.Ops.Call.Test(ctx, call.TestInput{SetupID: id}); err == nil {
			noSecret(t, "the result", detail, canaries)
			kept, err := d.Ops.Call.Get(ctx, call.IDInput{ID: detail.Call.ID})
			if err != nil {
				t.Fatal(err)
			}
			noSecret(t, "the history", kept, canaries)
		} else {
			noSecret(t, "why it is not sent", fault.From(err), canaries)
		}
		file, err := d.Ops.Transfer.Export(ctx, transfer.ExportInput{IDs: []string{id}})
		if err != nil {
			t.Fatal(err)
		}
		noSecret(t, "the export", file, canaries)
		trail, err := d.Ops.Activity.List(ctx, activity.ListInput{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		noSecret(t, "activity", trail, canaries)
		if _, err := d.Ops.Setup.Delete(ctx, setup.IDInput{ID: id}); err != nil {
			t.Fatal(err)
		}
	})
}

// noSecret looks for whole secrets and for halves of them, in any case, and for
// their base64 and hex.
func noSecret(t *testing.T, what string, shown any, canaries []string) {
	t.Helper()
	for _, word := range canaries {
		noPart(t, what, shown, min(6, len(word)), word)
		for _, form := range []string{fmt.Sprintf("%x", word), base64.StdEncoding.EncodeToString([]byte(word))[:len(word)]} {
			if len(word) >= 6 {
				noPart(t, what+" in another form", shown, len(form)-2, form)
			}
		}
	}
}

// randomDraft is a setup made of choices, one letter each.
func randomDraft(choices string, d *desk, url string) (setup.Draft, []string) {
	at := 0
	pick := func(n int) int {
		if at++; at > len(choices) {
			return at % n
		}
		return int(choices[at-1]) * 7 % n
	}
	of := func(list ...string) string { return list[pick(len(list))] }
	words := []string{"wQ7kVx3pLm", "7391846502", "zR4-tY/8+k=j", "hG5 nB2 mK9", "2031-07-19T01", `qW"e\r8{y`, "x9Kq7"}
	var canaries []string
	hide := func() request.Value {
		word := words[pick(len(words))]
		canaries = append(canaries, word)
		// Sometimes the secret is a template around the canary.
		if around := pick(4); around == 0 {
			return hidden(word + "{{mobile}}")
		}
		return hidden(word)
	}
	one := draft(d.place, d.stage, url)
	one.Enabled = false
	spec := &one.Request
	names := []string{"mobile", "s1", "s2", "t1"}
	text := func() string {
		out := of("", "a", " 1", `{"a":`, "é<&", "x=")
		for range pick(3) {
			name := names[pick(len(names))]
			if format := of("", "", "lower", "upper", "digits", "e164", "national", "date:dd-MM-yyyy"); format != "" {
				name += "|" + format
			}
			out += "{{" + name + "}}" + of("", "", "b", "2", `"}`)
		}
		return out
	}
	value := func() request.Value {
		if pick(3) == 0 {
			return hide()
		}
		return request.Value{Plain: text()}
	}
	spec.Method = of("POST", "GET", "PUT", "DELETE")
	spec.BodyFormat = request.BodyFormat(of("", "json", "form", "multipart", "raw_json", "raw_xml", "raw_text"))
	spec.RawBody = of(`{"a":"{{s1}}","b":{{s2}}}`, `<a b="{{s1}}"><![CDATA[{{s2|upper}}]]></a>`, "{{t1}}{{s1|lower}}", text())
	spec.Params = []request.Param{
		{ID: "s1", Name: "s1", Value: hide(), In: request.ParamNowhere}, {ID: "s2", Name: "s2", Value: hide(), In: request.ParamNowhere},
	}
	for i := range 1 + pick(3) {
		spec.Params = append(spec.Params, request.Param{ID: fmt.Sprint("p", i), Name: fmt.Sprint("p", i), Value: value(),
			Type: request.ParamType(of("", "", "number", "boolean", "json")), In: request.ParamIn(of("", "query", "body")), Optional: pick(2) == 0})
	}
	spec.Fixed = []request.Field{{ID: "t1", Name: "t1", Value: request.Value{Plain: of("x{{s1}}", "{{s2}}", "{{s1|lower}} {{s2}}", "{{mobile}}{{s2|upper}}")}, Template: true}}
	spec.Headers = []request.Header{{ID: "h", Name: "X-A", Value: value()}}
	switch pick(5) {
	case 0:
		spec.Auth = request.Auth{Type: request.APIKey, KeyName: "k", KeyValue: hide(), AddTo: request.KeyLocation(of("header", "query", "body"))}
	case 1:
		spec.Auth = request.Auth{Type: request.Basic, Username: text(), Password: hide()}
	case 2:
		spec.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: of("", "Bearer"), FetchToken: true, TokenURL: url + "/" + of("", "{{s1}}", "?x={{s2}}"), ClientID: of("c", "{{s1}}"), ClientSecret: hide(), Scopes: of("", "{{s2}}")}
	case 3:
		spec.Auth = request.Auth{Type: request.NoAuth}
	default:
		spec.Auth = request.Auth{Type: request.Bearer, Token: hide()}
	}
	if pick(2) == 0 {
		spec.URL = url + "/" + of("{{s1}}", "a{{t1|lower}}", "x") + of("", "?q={{s2}}", "?q={{t1}}")
	}
	if pick(2) == 0 {
		one.Rule = &verdict.Rule{Status: of("200", "403"), Conditions: []verdict.Condition{{From: verdict.FromText, Path: of("(.{3,9})", "X-A: ..(.{3,6})", "[^ ]{5}"), Test: verdict.Equals, Value: "x"}},
			MessageID: verdict.Extractor{From: verdict.FromText, Path: of("k(.{4})", "(?i)(q[a-z0-9]{4,})")}, ErrorText: verdict.Extractor{From: verdict.FromHeader, Path: "X-Back"}}
	}
	return one, canaries
}
