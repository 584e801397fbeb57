package simulate_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"keydesk/backend/httpclient"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/simulate"
	"keydesk/backend/verdict"
)

// The simulator checks what it receives as the provider would and says what
// was wrong, without a value. Its answer fits what it found.
func TestFindings(t *testing.T) {
	server, e := start(t), newClient(t)
	plain := func(text string) request.Value { return request.Value{Plain: text} }
	set := func(spec *request.Spec, name, value string) {
		for i := range spec.Params {
			if spec.Params[i].Name == name {
				spec.Params[i].Value = plain(value)
				return
			}
		}
		panic(name)
	}
	drop := func(spec *request.Spec, name string) {
		for i := range spec.Params {
			if spec.Params[i].Name == name {
				spec.Params = append(spec.Params[:i:i], spec.Params[i+1:]...)
				return
			}
		}
		panic(name)
	}
	for _, test := range []struct {
		id     string
		change func(*request.Spec)
		says   string
		status int
		want   verdict.Verdict
	}{
		{"twilio-sms", func(s *request.Spec) { s.Auth.Type = request.NoAuth }, "Authorization does not hold Basic", 401, verdict.Refused},
		{"twilio-sms", func(s *request.Spec) {
			s.Auth.Password = request.Value{Secret: true, Typed: secret.New("CANARY-wrong-password")}
		}, "does not hold what Twilio expects", 401, verdict.Refused},
		{"twilio-sms", func(s *request.Spec) { set(s, "To", "98123 45678") }, "To is not a number that Twilio accepts", 400, verdict.Refused},
		{"twilio-sms", func(s *request.Spec) { drop(s, "To") }, "To is missing in the body", 400, verdict.Refused},
		{"twilio-sms", func(s *request.Spec) { drop(s, "Body"); drop(s, "MediaUrl"); drop(s, "ContentSid") }, "One of Body, MediaUrl, ContentSid is needed", 400, verdict.Refused},
		// V01: without .json this API answers XML.
		{"twilio-sms", func(s *request.Spec) { s.URL = strings.TrimSuffix(s.URL, ".json") }, "The path is not", 400, verdict.Refused},
		{"twilio-sms", func(s *request.Spec) { s.URL = strings.Replace(s.URL, "api.twilio.com", "api.example.com", 1) }, "The host is not", 400, verdict.Refused},
		{"twilio-sms", func(s *request.Spec) { s.BodyFormat = request.JSONBody }, "Content-Type is not application/x-www-form-urlencoded", 400, verdict.Refused},
		{"twilio-sms", func(s *request.Spec) { s.Method = "PUT" }, "The method is PUT", 400, verdict.Refused},
		{"twilio-whatsapp", func(s *request.Spec) { set(s, "To", "+919812345678") }, "To is not a number", 400, verdict.Refused},
		// V03, V04: an older shape lacks it.
		{"meta-whatsapp", func(s *request.Spec) { drop(s, "messaging_product") }, "messaging_product is missing", 400, verdict.Refused},
		{"meta-whatsapp", func(s *request.Spec) { drop(s, "text.body") }, "text.body is missing", 400, verdict.Refused},
		{"meta-whatsapp", func(s *request.Spec) { set(s, "to", "+919812345678") }, "to is not a number", 400, verdict.Refused},
		{"meta-whatsapp", func(s *request.Spec) { s.Params[2].Type = request.NumberParam }, "to is number; Meta wants text", 400, verdict.Refused},
		{"360dialog-whatsapp", func(s *request.Spec) { s.Auth.KeyName = "D360-KEY" }, "header D360-API-KEY is missing", 401, verdict.Refused},
		{"msg91-flow", func(s *request.Spec) { s.Params[1].Type = request.TextParam }, "short_url is text; MSG91 wants number", 400, verdict.Refused},
		{"msg91-flow", func(s *request.Spec) { set(s, "recipients[0].mobiles", "+919812345678") }, "recipients[0].mobiles is not a number", 400, verdict.Refused},
		{"vonage-sms", func(s *request.Spec) { s.Auth.AddTo = request.InQuery }, "body field api_secret is missing", 200, verdict.Refused},
		{"gupshup-whatsapp", func(s *request.Spec) { set(s, "message", "Hello"); s.Params[4].Type = request.TextParam }, "message does not hold valid JSON", 400, verdict.Refused},
		{"gupshup-whatsapp", func(s *request.Spec) { drop(s, `src\.name`) }, `src\.name is missing`, 400, verdict.Refused},
		{"plivo-sms", func(s *request.Spec) { s.URL = strings.TrimSuffix(s.URL, "/") }, "The path is not", 400, verdict.Refused},
		{"plivo-sms", func(s *request.Spec) { set(s, "dst", "{{recipient|e164}}<") }, "dst is not a number", 400, verdict.Refused},
		{"sendgrid-email", func(s *request.Spec) { drop(s, "content[0].value") }, "content[0].value is missing", 400, verdict.Refused},
		{"sendgrid-email", func(s *request.Spec) { set(s, "personalizations[0].to[0].email", "Ravi Menon") }, "personalizations[0].to[0].email is not an e-mail address", 400, verdict.Refused},
		{"mailgun-email", func(s *request.Spec) { set(s, "to", "ravi@example.com, meera@localhost") }, "to is not an e-mail address", 400, verdict.Refused},
		{"postmark-email", func(s *request.Spec) { set(s, "To", "Ravi <ravi@example.com") }, "To is not an e-mail address", 400, verdict.Refused},
		{"mailgun-email", func(s *request.Spec) { drop(s, "text") }, "is missing in the body", 400, verdict.Refused},
		{"infobip-sms", func(s *request.Spec) { s.Auth.HeaderPrefix = "Bearer" }, "header Authorization does not hold", 401, verdict.Refused},
		// V23: Basic that is encoded must not be encoded again.
		{"interakt-whatsapp", func(s *request.Spec) {
			s.Auth = request.Auth{Type: request.Basic, Username: "k", Password: request.Value{Secret: true, Typed: secret.New("{{api_key}}")}}
		}, "header Authorization does not hold", 401, verdict.Refused},
		{"aisensy-whatsapp", func(s *request.Spec) { s.Auth.AddTo = request.InHeader }, "body field apiKey is missing", 401, verdict.Refused},
		{"sinch-sms", func(s *request.Spec) { s.URL = strings.Replace(s.URL, "{{region}}", "xx", 1) }, "The host is not", 400, verdict.Refused},
	} {
		p := get(t, test.id)
		spec, _ := real(t, p, p.Channels[0], false)
		spec = p.WithStandIns(spec)
		test.change(&spec)
		addr, err := server.Play(p, provider.Accepted)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := send(t, e, spec, addr, httpclient.Limits{})
		found := strings.Join(simulate.Findings(answer.Headers), " ")
		if !strings.Contains(found, test.says) || answer.Status != test.status {
			t.Errorf("%s: wanted %q, %d; got %q, %d", test.id, test.says, test.status, found, answer.Status)
		}
		if got := p.Judge(t.Context(), nil, answer.Outcome()).Verdict; got != test.want {
			t.Errorf("%s, %s: %s", test.id, test.says, got)
		}
		for _, hidden := range []string{"CANARY", "98123", p.StandIn(p.Fields[0])} {
			if strings.Contains(found, hidden) {
				t.Errorf("%s: a value is in %q", test.id, found)
			}
		}
	}
}

// Providers also accept several addresses, and an address after a name.
func TestGoodAddressesHaveNoFindings(t *testing.T) {
	server, e := start(t), newClient(t)
	p := get(t, "postmark-email")
	addr, err := server.Play(p, provider.Accepted)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{
		"ravi@example.com", "ravi+orders@mail.example.co.in", "Ravi Menon <ravi@example.com>", "ravi@example.com, Meera <meera@example.com>",
		"रवि@उदाहरण.भारत",
	} {
		spec, _ := real(t, p, p.Channels[0], false)
		spec = p.WithStandIns(spec)
		for i := range spec.Params {
			if spec.Params[i].Name == "To" {
				spec.Params[i].Value = request.Value{Plain: to}
			}
		}
		answer, _ := send(t, e, spec, addr, httpclient.Limits{})
		if found := simulate.Findings(answer.Headers); len(found) > 0 {
			t.Errorf("%s: %v", to, found)
		}
	}
}

// Every form of a provider's request passes the provider's simulator: each
// channel, each choice, with few and with all fields.
func TestGoodRequestsHaveNoFindings(t *testing.T) {
	server, e := start(t), newClient(t)
	n := 0
	for _, p := range providers(t) {
		addr, err := server.Play(p, provider.Accepted)
		if err != nil {
			t.Fatal(err)
		}
		choices := [][2]string{{"", ""}}
		for _, f := range p.Fields {
			for _, c := range f.Choices {
				choices = append(choices, [2]string{f.ID, c})
			}
		}
		for _, channel := range p.Channels {
			for _, c := range choices {
				for _, all := range []bool{false, true} {
					spec, err := p.Draft(provider.Sample(p, channel, c[0], c[1], all))
					if err != nil {
						t.Fatalf("%s %v: %v", p.ID, c, err)
					}
					answer, _ := send(t, e, spec, addr, httpclient.Limits{})
					if found := simulate.Findings(answer.Headers); len(found) > 0 {
						t.Errorf("%s %s %v all=%v: %v", p.ID, channel, c, all, found)
					}
					n++
				}
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d requests were tried", n)
	}
}

// A body written by hand is compared with its template too.
func TestRawBodyIsInspected(t *testing.T) {
	server, e := start(t), newClient(t)
	p, faults := provider.Load("raw.yaml", []byte(`format: 1
id: raw-sms
version: 1
name: Raw SMS
service: Raw
account: raw
channels: [sms]
marks: {badge: C, request: C, success: not documented, errors: not documented}
help: Sends XML.
page: https://raw.example/
fields:
  - {id: key, label: Key, belongs: account, secret: true}
  - {id: recipient, label: To, kind: phone, belongs: message, example: '+919812345678'}
recipient: recipient
request: {method: POST, url: 'https://raw.example/', body: raw_xml, raw_body: '<sms key="{{key}}" to="{{recipient|digits}}"/>', auth: {type: none}}
not_documented: [wrong_credentials, bad_number, no_balance, throttled, broken, probe]
simulator: {accepted: {status: 200}, slow: {like: accepted}}
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	addr, err := server.Play(p, provider.Accepted)
	if err != nil {
		t.Fatal(err)
	}
	spec, _ := real(t, p, "sms", true)
	spec = p.WithStandIns(spec)
	answer, _ := send(t, e, spec, addr, httpclient.Limits{})
	if found := simulate.Findings(answer.Headers); len(found) > 0 {
		t.Error(found)
	}
	spec.RawBody = strings.Replace(spec.RawBody, "|digits", "|e164", 1)
	answer, _ = send(t, e, spec, addr, httpclient.Limits{})
	if found := simulate.Findings(answer.Headers); len(found) != 1 || found[0] != "The body is not what Raw expects." {
		t.Error(found)
	}
}

// The simulator receives what was built, byte for byte, with the real host. Only
// the dialled address differs.
func TestRequestArrivesUnchanged(t *testing.T) {
	p := get(t, "vonage-sms")
	spec, _ := real(t, p, "sms", true)
	rendered := request.Build(spec, nil, env)
	req, err := rendered.HTTPRequest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	simulate.Direct(req, "127.0.0.1:1")
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		t.Fatal(err)
	}
	want := string(rendered.Wire())
	if !strings.HasPrefix(wire.String(), "POST /sms/json HTTP/1.1\r\nHost: rest.nexmo.com\r\n") || len(wire.String()) != len(want) {
		t.Errorf("got\n%s\nwant\n%s", wire.String(), want)
	}
	if req.URL.Host != "127.0.0.1:1" || req.URL.Scheme != "http" {
		t.Error(req.URL)
	}
}

// Equal requests can be given different outcomes at the same time, and each
// answer has a different message id.
func TestPlaysAtTheSameTime(t *testing.T) {
	server, e := start(t), newClient(t)
	p := get(t, "twilio-sms")
	spec, _ := real(t, p, "sms", false)
	rendered := request.Build(p.WithStandIns(spec), nil, env)
	var open sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]int{}
	for n := range 60 {
		outcome, want := provider.Accepted, verdict.Accepted
		switch n % 3 {
		case 1:
			outcome, want = provider.WrongCredentials, verdict.Refused
		case 2:
			outcome, want = provider.Throttled, verdict.Throttled
		}
		addr, err := server.Play(p, outcome)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := server.Play(p, outcome); err != nil || again != addr || !strings.HasPrefix(addr, "127.0.0.1:") {
			t.Fatal(addr, again, err)
		}
		req, err := rendered.HTTPRequest(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		simulate.Direct(req, addr)
		open.Go(func() {
			r := p.Judge(t.Context(), nil, e.Do(context.Background(), req, httpclient.Limits{}).Outcome())
			mu.Lock()
			defer mu.Unlock()
			if r.Verdict != want {
				t.Errorf("%s: %s %s", outcome, r.Verdict, r.Reason)
			}
			if r.MessageID != "" {
				ids[r.MessageID]++
			}
		})
	}
	open.Wait()
	if len(ids) != 20 {
		t.Errorf("%d message ids for 20 messages", len(ids))
	}
}

// Close ends answers that wait and frees the ports. An unknown outcome is refused.
func TestServerLife(t *testing.T) {
	s := &simulate.Server{}
	p := get(t, "twilio-sms")
	if _, err := s.Play(p, provider.Accepted); err == nil {
		t.Error("it plays before Start")
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Play(p, "nonsense"); !errors.Is(err, simulate.ErrOutcome) {
		t.Error(err)
	}
	addr, err := s.Play(p, provider.Slow)
	if err != nil {
		t.Fatal(err)
	}
	spec, _ := real(t, p, "sms", false)
	req, err := request.Build(p.WithStandIns(spec), nil, env).HTTPRequest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	simulate.Direct(req, addr)
	e := newClient(t)
	ended := make(chan httpclient.Answer, 1)
	go func() { ended <- e.Do(context.Background(), req, httpclient.Limits{}) }()
	select {
	case answer := <-ended:
		t.Fatalf("a slow answer came at once: %d", answer.Status)
	case <-time.After(200 * time.Millisecond):
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case answer := <-ended:
		if r := p.Judge(t.Context(), nil, answer.Outcome()); r.Verdict != verdict.Unclear {
			t.Errorf("broken off after sending: %s", r.Verdict)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("a waiting answer kept on waiting")
	}
	if answer := e.Do(context.Background(), req, httpclient.Limits{}); answer.Failure == nil || answer.Failure.Phase != verdict.PhaseConnect {
		t.Errorf("the port is still open: %+v", answer.Failure)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// The simulator answers whatever arrives.
func FuzzRequest(f *testing.F) {
	f.Add("POST", "/sms/json?x=%zz", "application/json", []byte(`{"a":[{"b":[[[1]]]}]}`))
	f.Add("GET", "//", "multipart/form-data; boundary=x", []byte("--x\r\n\r\n--x--"))
	f.Add("POST", "/v3/mg.example.com/messages", "multipart/form-data", []byte("\x00"))
	server := start(f)
	all := providers(f)
	f.Fuzz(func(t *testing.T, method, target, contentType string, body []byte) {
		p := all[len(body)%len(all)]
		addr, err := server.Play(p, provider.Accepted)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest(method, "http://"+addr+"/", bytes.NewReader(body))
		if err != nil {
			return
		}
		if u, err := req.URL.Parse(target); err == nil && u.Host == addr {
			req.URL = u
		}
		req.Header["Content-Type"] = []string{contentType}
		response, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			if strings.Contains(err.Error(), "EOF") || strings.Contains(err.Error(), "reset") {
				t.Fatalf("the simulator broke off: %v", err)
			}
			return
		}
		_ = response.Body.Close()
		if response.Header.Get("Keydesk-Simulator") == "" && response.StatusCode != 400 && response.StatusCode != 413 {
			t.Fatalf("status %d without a word from the simulator", response.StatusCode)
		}
	})
}
