package simulate_test

import (
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"keydesk/backend/httpclient"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/simulate"
	"keydesk/backend/verdict"
)

var update = flag.Bool("update", false, "write the golden pages under testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t testing.TB) *simulate.Server {
	t.Helper()
	s := &simulate.Server{}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func newClient(t testing.TB) *httpclient.Client {
	e := httpclient.New(httpclient.Options{})
	t.Cleanup(e.Close)
	return e
}

func providers(t testing.TB) []*provider.Provider {
	t.Helper()
	c := provider.New(nil)
	if faults := c.Faults(); len(faults) > 0 {
		t.Fatal(faults)
	}
	return c.List()
}

func get(t testing.TB, id string) *provider.Provider {
	t.Helper()
	p, err := provider.New(nil).Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var env = request.Env{Country: "IN", Now: time.Unix(1700000000, 0), Location: time.UTC, UUID: "u", Boundary: "keydeskboundary01", UserAgent: "Keydesk/1.0"}

// real is a setup's request with secrets that are not stand-ins.
func real(t testing.TB, p *provider.Provider, channel string, all bool) (spec request.Spec, secrets []string) {
	t.Helper()
	in := provider.Sample(p, channel, "", "", all)
	for _, f := range p.Fields {
		if f.Secret {
			text := "CANARY0" + strings.ReplaceAll(f.ID, "_", "") + "0secret"
			if f.Pattern == `re_[A-Za-z0-9_]{8,100}` {
				text = "re_" + text
			}
			in.Values[f.ID] = request.Value{Secret: true, Typed: secret.New(text)}
			secrets = append(secrets, text)
		}
	}
	spec, err := p.Draft(in)
	if err != nil {
		t.Fatalf("%s: %v", p.ID, err)
	}
	return spec, secrets
}

// send fires a spec at an address and gives the answer and what was sent.
func send(t testing.TB, e *httpclient.Client, spec request.Spec, addr string, limits httpclient.Limits) (httpclient.Answer, *request.Rendered) {
	t.Helper()
	rendered := request.Build(spec, nil, env)
	req, err := rendered.HTTPRequest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	host := req.Host
	simulate.Direct(req, addr)
	if req.Host != host {
		t.Fatalf("the Host header became %s", req.Host)
	}
	return e.Do(context.Background(), req, limits), rendered
}

var matrix = append(append([]provider.Outcome{}, provider.Outcomes...),
	provider.Partial, simulate.RefusedIn200, simulate.HTMLPage, simulate.ProxyPage, simulate.Redirect)

// The acceptance matrix: every provider with every outcome, through simulator,
// client, rule and words, as one page that a person can read. Neither a
// stand-in nor a real secret is in it.
func TestAcceptanceMatrix(t *testing.T) {
	server, e := start(t), newClient(t)
	var page strings.Builder
	slow := slowAnswers(t, server, e)
	for _, p := range providers(t) {
		fmt.Fprintf(&page, "== %s (%s, marks: request %s, success %s, errors %s)\n", p.Name, p.ID, p.Marks.Request, p.Marks.Success, p.Marks.Errors)
		for _, outcome := range matrix {
			if _, described := p.Simulator[outcome]; outcome == provider.Partial && !described {
				continue
			}
			line, answer := outcomeLine(t, server, e, p, outcome, slow[p.ID])
			page.WriteString(line)
			if outcome == provider.Accepted {
				if found := simulate.Findings(answer.Headers); len(found) > 0 {
					t.Errorf("%s: the simulator found a fault in a good request: %v", p.ID, found)
				}
			}
		}
		page.WriteString("\n")
	}
	if strings.Contains(page.String(), "CANARY") || strings.Contains(page.String(), "simulated-") {
		t.Error("a secret is in the results")
	}
	golden(t, "matrix.txt", page.String())
}

// slowAnswers asks every provider at once, with a time limit that is shorter than
// the answer takes.
func slowAnswers(t *testing.T, server *simulate.Server, e *httpclient.Client) map[string]httpclient.Answer {
	t.Helper()
	answers := map[string]httpclient.Answer{}
	var mu sync.Mutex
	var open sync.WaitGroup
	for _, p := range providers(t) {
		spec, _ := real(t, p, p.Channels[0], true)
		addr, err := server.Play(p, provider.Slow)
		if err != nil {
			t.Fatal(err)
		}
		req, err := request.Build(p.WithStandIns(spec), nil, env).HTTPRequest(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		simulate.Direct(req, addr)
		open.Go(func() {
			answer := e.Do(context.Background(), req, httpclient.Limits{Timeout: time.Second})
			mu.Lock()
			defer mu.Unlock()
			answers[p.ID] = answer
		})
	}
	open.Wait()
	return answers
}

func outcomeLine(t *testing.T, server *simulate.Server, e *httpclient.Client, p *provider.Provider, outcome provider.Outcome, slow httpclient.Answer) (string, httpclient.Answer) {
	t.Helper()
	spec, _ := real(t, p, p.Channels[0], true)
	addr, err := server.Play(p, outcome)
	if err != nil {
		t.Fatal(err)
	}
	answer := slow
	if outcome != provider.Slow {
		answer, _ = send(t, e, p.WithStandIns(spec), addr, httpclient.Limits{})
	}
	r := p.Judge(t.Context(), nil, answer.Outcome())
	if r.Verdict == verdict.Accepted && p.Marks.Success == provider.Unverified {
		t.Errorf("%s %s: an unverified shape gave accepted", p.ID, outcome)
	}
	note := ""
	for _, name := range p.NotDocumented {
		if name == string(outcome) {
			note = " [not documented]"
		}
	}
	id := ""
	if r.MessageID != "" {
		id = " id"
		if len(r.MessageID) < 4 {
			t.Errorf("%s: message id %q", p.ID, r.MessageID)
		}
	}
	line := fmt.Sprintf("%s%s: %s, %s, by %s", outcome, note, status(answer), r.Verdict, r.By)
	if r.ErrorCode != "" {
		line += ", code " + r.ErrorCode
	}
	if r.RetryAfterS > 0 {
		line += fmt.Sprintf(", again in %d s", r.RetryAfterS)
	}
	line += id + "\n    " + r.Reason + "\n    " + r.Hint
	if r.Field != "" {
		line += " -> " + r.Field
	}
	return strings.ReplaceAll(line, addr, "SIMULATOR") + "\n", answer
}

func status(a httpclient.Answer) string {
	if a.Failure != nil {
		return string(a.Failure.Phase)
	}
	return fmt.Sprint(a.Status)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Error(diff)
	}
}

// A redirect to another host is never followed, whatever the setting: the other
// host hears nothing, for every provider and place of a key.
func TestRedirectCarriesNothing(t *testing.T) {
	e := newClient(t)
	var heard sync.Map
	elsewhere, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := elsewhere.Accept()
			if err != nil {
				return
			}
			heard.Store(c.RemoteAddr().String(), true)
			_ = c.Close()
		}
	})
	here, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	codes := []int{301, 302, 303, 307, 308}
	var n int
	provider := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+elsewhere.Addr().String()+"/collect", codes[n%len(codes)])
	})}
	open.Go(func() { _ = provider.Serve(here) })
	defer func() {
		_ = provider.Close()
		_ = elsewhere.Close()
		open.Wait()
	}()
	for _, p := range providers(t) {
		spec, secrets := real(t, p, p.Channels[0], true)
		for n = range codes {
			answer, _ := send(t, e, spec, here.Addr().String(), httpclient.Limits{Redirects: 5})
			if answer.Status != codes[n] || len(answer.Hops) != 1 || answer.Hops[0].Followed {
				t.Errorf("%s %d: %d, hops %+v", p.ID, codes[n], answer.Status, answer.Hops)
			}
			r := p.Judge(t.Context(), nil, answer.Outcome())
			if r.Verdict != verdict.Unclear {
				t.Errorf("%s: a redirect is %s", p.ID, r.Verdict)
			}
			for _, s := range secrets {
				if strings.Contains(fmt.Sprint(r), s) {
					t.Errorf("%s: the secret is in the result", p.ID)
				}
			}
		}
	}
	heard.Range(func(any, any) bool { t.Error("the other host was called"); return true })
}

// R9: stand-ins replace every secret, plain, in base64 and escaped. The rest of
// the request stays as it is.
func TestStandInsReplaceEverySecret(t *testing.T) {
	for _, p := range providers(t) {
		for _, channel := range p.Channels {
			spec, secrets := real(t, p, channel, true)
			spec.Headers = append(spec.Headers, request.Header{ID: "own", Name: "X-Own", Value: request.Value{Secret: true, Typed: secret.New("CANARY0own0secret")}})
			secrets = append(secrets, "CANARY0own0secret")
			before := string(request.Build(spec, nil, env).Wire())
			wire := string(request.Build(p.WithStandIns(spec), nil, env).Wire())
			for _, s := range secrets {
				for _, form := range []string{s, base64.StdEncoding.EncodeToString([]byte(s)), url.QueryEscape(s)} {
					if strings.Contains(wire, form) {
						t.Errorf("%s: a secret is still there", p.ID)
					}
				}
				if !strings.Contains(before, s) && !strings.Contains(before, "Basic ") {
					t.Errorf("%s: the secret was never in the request", p.ID)
				}
			}
			if a, b := firstLine(before), firstLine(wire); a != b {
				t.Errorf("%s: %s became %s", p.ID, a, b)
			}
		}
	}
}

func firstLine(text string) string { line, _, _ := strings.Cut(text, "\r\n"); return line }

// The secrets of a saved setup are not opened for the simulator: stored ones are
// replaced too, and so is the template in the password.
func TestStandInsForStoredSecrets(t *testing.T) {
	server, e := start(t), newClient(t)
	for _, p := range providers(t) {
		spec, _ := real(t, p, p.Channels[0], false)
		stored := func(v request.Value) request.Value {
			if v.Secret {
				return request.Value{Secret: true, Stored: true}
			}
			return v
		}
		a := &spec.Auth
		a.KeyValue, a.Token, a.Password = stored(a.KeyValue), stored(a.Token), stored(a.Password)
		for i := range spec.Fixed {
			spec.Fixed[i].Value = stored(spec.Fixed[i].Value)
		}
		addr, err := server.Play(p, provider.Accepted)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := send(t, e, p.WithStandIns(spec), addr, httpclient.Limits{})
		if found := simulate.Findings(answer.Headers); len(found) > 0 || answer.Failure != nil {
			t.Errorf("%s: %v %v", p.ID, found, answer.Failure)
		}
	}
}
