package httpclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/httpclient"
	"keydesk/backend/secret"
)

const clientSecret = "s3cret & co"

// tokenServer gives tokens t1, t2, ... that live for an hour.
type tokenServer struct {
	*httptest.Server
	given   atomic.Int32
	answers func(w http.ResponseWriter, req *http.Request) bool // true: answered
}

func newTokenServer(t *testing.T) *tokenServer {
	s := &tokenServer{}
	s.Server = serve(t, func(w http.ResponseWriter, req *http.Request) {
		if s.answers != nil && s.answers(w, req) {
			return
		}
		id, password, _ := req.BasicAuth()
		if req.Method != "POST" || req.FormValue("grant_type") != "client_credentials" || req.FormValue("scope") != "send read" ||
			id != "id" || password != "s3cret+%26+co" || req.Form.Has("client_secret") {
			t.Errorf("token request: %s %v, form %v", req.Method, req.Header, req.Form)
		}
		fmt.Fprintf(w, `{"access_token":"t%d","token_type":"Bearer","expires_in":3600}`, s.given.Add(1))
	})
	return s
}

func (s *tokenServer) client() httpclient.ClientCredentials {
	return httpclient.ClientCredentials{TokenURL: s.URL + "/token", ID: "id", Secret: secret.New(clientSecret), Scopes: "send read"}
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newTokens(t *testing.T) (*httpclient.Tokens, *clock) {
	c := &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	return httpclient.NewTokens(newClient(t), c.Now), c
}

// A33: a second call reuses the token, one shortly before its end fetches a new
// one.
func TestTokenReuseAndRenewal(t *testing.T) {
	server := newTokenServer(t)
	tokens, clock := newTokens(t)
	expect := func(want string) {
		t.Helper()
		token, err := tokens.Get(t.Context(), server.client())
		check(t, err)
		if token.Reveal() != want {
			t.Errorf("token %s, want %s", token.Reveal(), want)
		}
	}
	expect("t1")
	expect("t1")
	clock.advance(time.Hour - 31*time.Second)
	expect("t1")
	clock.advance(2 * time.Second) // 29 s before its end
	expect("t2")
	other := server.client()
	other.Secret = secret.New("another")
	server.answers = func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = io.WriteString(w, `{"access_token":"for another","expires_in":"10"}`)
		return true
	}
	token, err := tokens.Get(t.Context(), other)
	check(t, err)
	if token.Reveal() != "for another" {
		t.Error("a token fetched with another secret was used")
	}
}

// A33, R6: one renewal however many calls wait, at the start and after a 401.
func TestOneRenewalForAll(t *testing.T) {
	server := newTokenServer(t)
	server.answers = func(http.ResponseWriter, *http.Request) bool { time.Sleep(50 * time.Millisecond); return false }
	tokens, _ := newTokens(t)
	all := func(want string, ask func() (secret.Text, error)) {
		t.Helper()
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if token, err := ask(); err != nil || token.Reveal() != want {
					t.Errorf("token %q, %v; want %s", token.Reveal(), err, want)
				}
			})
		}
		group.Wait()
	}
	all("t1", func() (secret.Text, error) { return tokens.Get(context.Background(), server.client()) })
	all("t2", func() (secret.Text, error) {
		return tokens.Renew(context.Background(), server.client(), secret.New("t1"))
	})
	if n := server.given.Load(); n != 2 {
		t.Errorf("%d tokens fetched, want 2", n)
	}
}

// R6: a 401 renews once and fires once more; a second 401 is the answer.
func TestRenewedOnceAfter401(t *testing.T) {
	for _, good := range []string{"t2", "never"} {
		server := newTokenServer(t)
		tokens, _ := newTokens(t)
		var fired []string
		api := serve(t, func(w http.ResponseWriter, req *http.Request) {
			fired = append(fired, req.Header.Get("Authorization"))
			if req.Header.Get("Authorization") != "Bearer "+good {
				w.WriteHeader(401)
			}
		})
		answer, err := tokens.Do(t.Context(), server.client(), httpclient.Limits{}, func(token secret.Text) (*http.Request, error) {
			req := request(t, "POST", api.URL, "x")
			req.Header.Set("Authorization", "Bearer "+token.Reveal())
			return req, nil
		})
		check(t, err)
		want := map[string]int{"t2": 200, "never": 401}[good]
		if answer.Status != want || strings.Join(fired, ",") != "Bearer t1,Bearer t2" || server.given.Load() != 2 {
			t.Errorf("good %s: status %d, fired %v, %d tokens", good, answer.Status, fired, server.given.Load())
		}
	}
}

// RFC 6749 section 2.3.1: a server that takes id and secret only in the body
// gets them there, and is remembered.
func TestSecretInBody(t *testing.T) {
	server := newTokenServer(t)
	var headers int
	server.answers = func(w http.ResponseWriter, req *http.Request) bool {
		if _, _, basic := req.BasicAuth(); basic {
			headers++
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":"invalid_client"}`)
			return true
		}
		if req.FormValue("client_id") != "id" || req.FormValue("client_secret") != clientSecret {
			t.Errorf("form %v", req.Form)
		}
		_, _ = io.WriteString(w, `{"access_token":"b1","expires_in":60}`)
		return true
	}
	tokens, clock := newTokens(t)
	for range 2 {
		token, err := tokens.Get(t.Context(), server.client())
		check(t, err)
		if token.Reveal() != "b1" {
			t.Error(token.Reveal())
		}
		clock.advance(time.Minute)
	}
	if headers != 1 {
		t.Errorf("the header was tried %d times", headers)
	}
}

// Each way to get no token has its code and words; the secret is never in
// them, a redirect is not followed, and nothing is kept.
func TestNoToken(t *testing.T) {
	foreign := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") })
	for name, c := range map[string]struct {
		status int
		body   string
		want   *fault.Error
		text   string
	}{
		"refused":       {401, `{"error":"invalid_client","error_description":"not ` + clientSecret + `"}`, httpclient.ErrTokenRefused, "The token address refused: invalid_client not " + secret.Mask + " (status 401)."},
		"refused, html": {403, `<html>`, httpclient.ErrTokenRefused, "refused the client id or secret (status 403)."},
		"no token":      {200, `{"token":"x"}`, httpclient.ErrTokenUnreached, "answered 200, but without a token."},
		"line break":    {200, `{"access_token":"a\r\nX-Evil: 1"}`, httpclient.ErrTokenRefused, "cannot be sent in a header."},
		"trouble":       {503, ``, httpclient.ErrTokenUnreached, "answered 503."},
		"redirect":      {307, ``, httpclient.ErrTokenUnreached, "answered 307, a redirect."},
	} {
		asked := 0
		server := newTokenServer(t)
		server.answers = func(w http.ResponseWriter, _ *http.Request) bool {
			asked++
			w.Header().Set("Location", foreign.URL)
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
			return true
		}
		tokens, _ := newTokens(t)
		built := false
		_, err := tokens.Do(t.Context(), server.client(), httpclient.Limits{}, func(secret.Text) (*http.Request, error) { built = true; return nil, nil })
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), clientSecret) || built {
			t.Errorf("%s: %v, built %v", name, err, built)
		}
		before := asked
		if _, err := tokens.Get(t.Context(), server.client()); err == nil || asked == before {
			t.Errorf("%s: the failure was kept", name)
		}
	}
	tokens, _ := newTokens(t)
	for _, bad := range []string{"", "ftp://x/", "http://", "http://nosuch.test/", "::"} {
		if _, err := tokens.Get(t.Context(), httpclient.ClientCredentials{TokenURL: bad}); !errors.Is(err, httpclient.ErrTokenUnreached) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A caller that gives up does not end the renewal of the others; when all have
// given up, it ends.
func TestGivingUp(t *testing.T) {
	arrived, ended := make(chan bool, 2), make(chan bool, 2)
	server := newTokenServer(t)
	server.answers = func(_ http.ResponseWriter, req *http.Request) bool {
		_ = req.ParseForm() // only then does the server notice the end
		arrived <- true
		<-req.Context().Done()
		ended <- true
		return true
	}
	tokens, _ := newTokens(t)
	first, leave := context.WithCancel(t.Context())
	second, leaveToo := context.WithCancel(t.Context())
	results := make(chan error)
	for _, ctx := range []context.Context{first, second} {
		go func() { _, err := tokens.Get(ctx, server.client()); results <- err }()
	}
	<-arrived
	time.Sleep(20 * time.Millisecond) // both wait
	leave()
	if err := <-results; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case <-ended:
		t.Error("the renewal ended while someone waited")
	case <-time.After(50 * time.Millisecond):
	}
	leaveToo()
	<-results
	select {
	case <-ended:
	case <-time.After(2 * time.Second):
		t.Error("the renewal continues for nobody")
	}
}
