package provider_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/verdict"
)

// Everything that is missing or wrong is reported at its field, all at once, and
// never with a secret.
func TestDraftFaults(t *testing.T) {
	const canary = "CANARY!not base64 at all"
	plain := func(text string) request.Value { return request.Value{Plain: text} }
	for _, test := range []struct {
		id     string
		change func(*provider.Input)
		at     string
		says   string
	}{
		{"twilio-sms", func(in *provider.Input) { in.Values = nil }, "values.account_sid", "Enter Account SID."},
		{"twilio-sms", func(in *provider.Input) { in.Values["account_sid"] = plain("AC12") }, "values.account_sid", "Account SID looks like AC0123456789abcdef0123456789abcdef."},
		{"twilio-sms", func(in *provider.Input) { delete(in.Values, "sender") }, "values.sender", "Fill one of these: From, Messaging Service SID."},
		{"twilio-sms", func(in *provider.Input) { in.Channel = "email" }, "channel", "Twilio SMS does not send that way."},
		{"interakt-whatsapp", func(in *provider.Input) {
			in.Values["api_key"] = request.Value{Secret: true, Typed: secret.New(canary)}
		}, "values.api_key", "Secret key does not look right."},
		{"meta-whatsapp", func(in *provider.Input) { in.Values["kind"] = plain("video") }, "values.kind", "Choose Kind of message."},
		{"meta-whatsapp", func(in *provider.Input) {
			in.Values["kind"] = plain("template")
			delete(in.Values, "template_name")
		}, "values.template_name", "Enter Template name."},
		{"msg91-flow", func(in *provider.Input) { in.Rows["variables"] = []provider.Row{{"VAR 1", "x"}} }, "rows.variables[0].name", "A name here looks like VAR1."},
		{"msg91-flow", func(in *provider.Input) { in.Rows["variables"] = []provider.Row{{"A", "x"}, {"A", "y"}} }, "rows.variables[1].name", "A is here twice."},
		{"msg91-flow", func(in *provider.Input) { in.Rows["variables"] = []provider.Row{{"A", ""}} }, "rows.variables[0].value", "Enter a value, or delete the row."},
		// R1: what is typed for the host cannot lead a secret elsewhere.
		{"infobip-sms", func(in *provider.Input) { in.Values["base_host"] = plain("evil.example/.infobip.com") }, "values.base_host", "becomes part of the address"},
		{"infobip-sms", func(in *provider.Input) { in.Values["base_host"] = plain("evil.example") }, "values.base_host", "looks like"},
		{"mailgun-email", func(in *provider.Input) { in.Values["region_host"] = plain("evil.example") }, "values.region_host", "Choose Region."},
	} {
		p := get(t, test.id)
		in := provider.Sample(p, p.Channels[0], "", "", false)
		test.change(&in)
		_, err := p.Draft(in)
		if !errors.Is(err, provider.ErrDraft) {
			t.Errorf("%s %s: %v", test.id, test.at, err)
			continue
		}
		found := false
		for _, f := range fault.From(err).Fields {
			found = found || f.Name == test.at && strings.Contains(f.Message, test.says)
		}
		if !found || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: wanted %s at %s, got %v", test.id, test.says, test.at, err)
		}
	}
	p := get(t, "twilio-sms")
	_, err := p.Draft(provider.Input{Channel: "sms"})
	if n := len(fault.From(err).Fields); n != 5 { // account SID, token, To, and two groups
		t.Errorf("%d messages: %v", n, err)
	}
}

// With an App Credential the fields of the message are asked for, those of the
// account are not.
func TestDraftWithCredential(t *testing.T) {
	p := get(t, "twilio-sms")
	in := provider.Sample(p, "sms", "", "", false)
	delete(in.Values, "account_sid")
	delete(in.Values, "auth_token")
	in.Credential = true
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	if names := request.Build(spec, nil, env).Missing(); len(names) != 2 {
		t.Errorf("without the credential's values it misses %v", names)
	}
	delete(in.Values, "recipient")
	if _, err := p.Draft(in); err == nil {
		t.Error("the recipient is not asked for")
	}
}

// What was drafted can be read back and drafted again to the same request.
// Editing and the changes of a newer file depend on it.
func TestReadGivesBackTheInput(t *testing.T) {
	for _, p := range catalogue.List() {
		for _, channel := range p.Channels {
			kind := ""
			if f, found := p.Field("kind"); found {
				kind = f.Choices[len(f.Choices)-1]
			}
			spec, err := p.Draft(provider.Sample(p, channel, "kind", kind, true))
			if err != nil {
				t.Fatal(p.ID, err)
			}
			again, err := p.Draft(p.Read(channel, spec))
			if err != nil {
				t.Fatalf("%s: %v", p.ID, err)
			}
			equal := cmp.Comparer(func(a, b secret.Text) bool { return a.Reveal() == b.Reveal() })
			if diff := cmp.Diff(spec, again, equal); diff != "" {
				t.Errorf("%s: %s", p.ID, diff)
			}
		}
	}
}

// A stored secret counts as entered and stays stored.
func TestDraftKeepsStoredSecrets(t *testing.T) {
	p := get(t, "twilio-sms")
	in := provider.Sample(p, "sms", "", "", false)
	in.Values["auth_token"] = request.Value{Secret: true, Stored: true}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range spec.Fixed {
		if f.Name == "auth_token" && (!f.Value.Stored || !f.Value.Secret) {
			t.Errorf("%+v", f)
		}
	}
	if path := provider.FieldPath(spec, "auth_token"); path != "fixed[1].value" {
		t.Error(path)
	}
}

// R9: no secret of a provider's form is shown in preview, curl or error, plain or
// encoded.
func TestProviderSecretsAreMasked(t *testing.T) {
	for _, p := range catalogue.List() {
		spec := drafted(t, p, p.Channels[0], "", "", true)
		var secrets []string
		for i, f := range spec.Fixed {
			if f.Value.Secret {
				text := f.Value.Typed.Reveal()
				if p.ID != "interakt-whatsapp" && p.ID != "resend-email" {
					text = "CANARY/" + f.Name + "+é\"" // needs escaping everywhere
					if p.Request.Auth.Type != "basic" && p.Request.Auth.AddTo != "body" {
						text = "CANARY/" + f.Name + "+x"
					}
				}
				spec.Fixed[i].Value.Typed = secret.New(text)
				secrets = append(secrets, text)
			}
		}
		if len(secrets) == 0 {
			t.Fatal(p.ID, "has no secret")
		}
		rendered := request.Build(spec, record(awkward), env)
		if err := rendered.Err(); err != nil {
			t.Fatal(p.ID, err)
		}
		preview, err := json.Marshal(rendered.Preview())
		if err != nil {
			t.Fatal(err)
		}
		shown := string(preview) + rendered.Curl(request.POSIX) + rendered.Curl(request.Cmd) + rendered.Curl(request.PowerShell) + fmt.Sprintf("%v %+v %#v", rendered, spec.Fixed, spec.Auth)
		for _, s := range secrets {
			escaped, _ := json.Marshal(s)
			pair := base64.StdEncoding.EncodeToString([]byte(spec.Auth.Username + ":" + s))
			for _, form := range []string{s, url.QueryEscape(s), strings.Trim(string(escaped), `"`), base64.StdEncoding.EncodeToString([]byte(s)), pair} {
				if strings.Contains(shown, form) {
					t.Errorf("%s: %q is shown", p.ID, form)
				}
			}
			redactor := secret.NewRedactor(rendered.Secrets()...)
			if got := redactor.Text(string(rendered.Wire())); strings.Contains(got, s) || strings.Contains(got, url.QueryEscape(s)) {
				t.Errorf("%s: the redactor leaves it in the request as sent", p.ID)
			}
		}
	}
}

// Stand-ins fit their field's pattern and are the same each time.
func TestStandInsFitThePattern(t *testing.T) {
	seen := map[string]string{}
	for _, p := range catalogue.List() {
		for _, f := range p.Fields {
			if !f.Secret {
				continue
			}
			text := p.StandIn(f)
			if len(text) < 8 || text != p.StandIn(f) {
				t.Errorf("%s.%s: %q", p.ID, f.ID, text)
			}
			if f.Pattern != "" && !regexp.MustCompile("^(?:"+f.Pattern+")$").MatchString(text) {
				t.Errorf("%s.%s: %q does not fit %s", p.ID, f.ID, text, f.Pattern)
			}
			if other, taken := seen[text]; taken && other != p.Account+f.ID {
				t.Errorf("%s and %s.%s share a stand-in", other, p.ID, f.ID)
			}
			seen[text] = p.Account + f.ID
		}
	}
	for pattern, want := range map[string]bool{
		`AC[0-9a-f]{32}`: true, `(sk|pk)_(live|test)_[A-Za-z0-9]+`: true, `[^a-z]{10}`: true, `\w+-\d{3}`: true, `a{3}|b`: true,
		`.{20}`: true, `x*y`: true, `\bword\b`: true, `[\x{4e00}-\x{4e10}]{4}`: true, `a\bb`: false,
	} {
		text := get(t, "twilio-sms").StandIn(provider.Field{ID: "k", Pattern: pattern, Secret: true})
		if (text != "") != want {
			t.Errorf("%s gives %q", pattern, text)
		}
	}
}

// A credential is never valid without a request that proves it.
func TestProbe(t *testing.T) {
	p := get(t, "twilio-sms")
	ok := func(status int, body string) verdict.Outcome {
		return verdict.Outcome{Sent: true, Status: status, Body: []byte(body)}
	}
	for _, test := range []struct {
		name    string
		outcome verdict.Outcome
		want    provider.Validity
		says    string
	}{
		{"proof", ok(200, `{"page_size":1,"messages":[]}`), provider.Valid, "Twilio accepted the credential."},
		{"wrong", ok(401, `{"code":20003,"message":"Authenticate"}`), provider.Invalid, "wrong Account SID or auth token"},
		{"known, may not", ok(403, ``), provider.Invalid, "does not let it do this"},
		{"time-out", verdict.Outcome{Sent: true, Failure: &verdict.Failure{Phase: verdict.PhaseTimeout, Text: "No answer."}}, provider.Unreachable, "No answer."},
		{"no name", verdict.Outcome{Failure: &verdict.Failure{Phase: verdict.PhaseName, Text: "No such host."}}, provider.Unreachable, "No such host."},
		{"200 with an error", ok(200, `{"code":20003,"message":"Authenticate"}`), provider.Invalid, "wrong Account SID"},
		{"200 of a proxy", ok(200, `<html>sign in</html>`), provider.NotTestable, "proves nothing"},
		{"trouble there", ok(503, ``), provider.Unreachable, "did not look"},
		{"too often", ok(429, ``), provider.Unreachable, "did not look"},
		{"moved", ok(302, ``), provider.Unreachable, "did not look"},
		{"404", ok(404, ``), provider.NotTestable, "proves nothing"},
	} {
		got := p.ReadProbe(t.Context(), test.outcome)
		if got.Validity != test.want || !strings.Contains(got.Reason, test.says) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
	// A 403 has the words of the file's table, unless they are about the recipient.
	for line, says := range map[string]string{
		"{status: 403, words: this address may not use the key, field: key, mark: C}": "Refused by Acme: this address may not use the key (status 403).",
		"{status: 403, words: the account is closed, mark: C}":                        "Refused by Acme: the account is closed (status 403).",
		"{status: 403, words: the number is not allowed, field: recipient, mark: C}":  "Acme knows this credential but does not let it do this (status 403).",
		"{code: '9', status: 403, words: the number is wrong, field: key, mark: C}":   "Acme knows this credential but does not let it do this (status 403).",
	} {
		text := strings.NewReplacer("throttled, probe]", "throttled]", "errors:\n", "errors:\n  - "+line+"\n",
			"simulator:", "probe:\n  says: Reads the account.\n  mark: C\n  request: {method: GET, url: 'https://{{region}}.acme.example/me', auth: {type: none}}\n  success: {status: '200', conditions: [{from: text, path: '^OK', test: present}]}\nsimulator:").Replace(own)
		acme, faults := provider.Load("acme.yaml", []byte(text))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if got := acme.ReadProbe(t.Context(), ok(403, `no`)); got.Validity != provider.Invalid || got.Reason != says {
			t.Errorf("%s: %+v", line, got)
		}
	}
	if got := get(t, "mailgun-email").ReadProbe(t.Context(), ok(403, ``)); !strings.Contains(got.Reason, "does not let it do this") {
		t.Errorf("a line about the recipient: %+v", got)
	}
	meta := get(t, "meta-whatsapp").ReadProbe(t.Context(), ok(401, `{"error":{"message":"Session has expired","code":190,"error_subcode":463}}`))
	if meta.Validity != provider.Expired {
		t.Errorf("%+v", meta)
	}
	resend := get(t, "resend-email").ReadProbe(t.Context(), ok(401, `{"name":"restricted_api_key","message":"This API key is restricted to only send emails"}`))
	if resend.Validity != provider.NotTestable {
		t.Errorf("a good key that may only send: %+v", resend)
	}
	for _, p := range catalogue.List() {
		spec, rule, ok := p.ProbeRequest(provider.Sample(p, p.Channels[0], "", "", false).Values)
		if ok != (p.Probe != nil) {
			t.Errorf("%s: %v", p.ID, ok)
		}
		if !ok {
			if c := p.ReadProbe(t.Context(), verdict.Outcome{Sent: true, Status: 200}); c.Validity != provider.NotTestable {
				t.Errorf("%s: %s without a probe", p.ID, c.Validity)
			}
			continue
		}
		if rule.IsEmpty() || spec.Method != "GET" {
			t.Errorf("%s: a probe that sends a message or proves nothing", p.ID)
		}
		// The same account, and so the same secrets, goes to the same host.
		send, err := p.Draft(provider.Sample(p, p.Channels[0], "", "", false))
		if err != nil {
			t.Fatal(err)
		}
		_, a, _, _ := request.Target(spec)
		_, b, _, _ := request.Target(send)
		if a != b || a == "" {
			t.Errorf("%s: the probe goes to %s, messages to %s", p.ID, a, b)
		}
	}
}

// The provider's words are used even if the setup's rule does not extract codes.
func TestWordsWithASetupsRule(t *testing.T) {
	p := get(t, "twilio-sms")
	rule := &verdict.Rule{Status: "201"}
	r := p.Judge(t.Context(), rule, verdict.Outcome{Sent: true, Status: 400, Body: []byte(`{"code":21211,"message":"bad"}`)})
	if r.Verdict != verdict.Refused || r.By != verdict.BySetupRule || r.Field != "recipient" || r.Reason != "Refused by Twilio: the number in To is not valid (code 21211)." {
		t.Errorf("%+v", r)
	}
}
