package httpclient_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"keydesk/backend/httpclient"
	"keydesk/backend/verdict"
)

const canary = "CANARY-7f3a9c"

// G19, R7: in all combinations of status, target and place of a secret, no
// secret reaches anything but scheme, host and port of the call, with redirects
// off and with the most that can be allowed.
func TestNoSecretFollowsRedirect(t *testing.T) {
	var mu sync.Mutex
	var foreign []string
	witness := func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		mu.Lock()
		defer mu.Unlock()
		foreign = append(foreign, fmt.Sprint(req.Method, " ", req.URL, " ", req.Header, " ", string(body)))
	}
	long := time.Now().Add(time.Hour)
	other := serve(t, witness)
	otherTLS := serveTLS(t, authority.issue(t, "api.test", time.Now().Add(-time.Hour), long), witness)
	_, otherPort, _ := net.SplitHostPort(other.Listener.Addr().String())
	_, otherTLSPort, _ := net.SplitHostPort(otherTLS.Listener.Addr().String())

	var location string
	var status int
	home := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(status)
	})
	_, homePort, _ := net.SplitHostPort(home.Listener.Addr().String())
	homeTLS := serveTLS(t, authority.issue(t, "api.test", time.Now().Add(-time.Hour), long), home.Config.Handler.ServeHTTP)
	_, homeTLSPort, _ := net.SplitHostPort(homeTLS.Listener.Addr().String())

	targets := map[string]string{
		"other port":      "http://api.test:" + otherPort + "/x",
		"other host":      "http://evil.test:" + otherPort + "/x",
		"subdomain":       "http://sub.api.test:" + otherPort + "/x",
		"upper case host": "http://EVIL.test:" + otherPort + "/x",
		"https to http":   "http://api.test:" + otherPort + "/down",
		"http to https":   "https://api.test:" + otherTLSPort + "/up",
		"no scheme":       "//evil.test:" + otherPort + "/x",
		"user in URL":     "http://api.test@evil.test:" + otherPort + "/x",
	}
	places := map[string]func(*http.Request){
		"authorization": func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+canary) },
		"own header":    func(r *http.Request) { r.Header["x-api-key"] = []string{canary} },
		"cookie":        func(r *http.Request) { r.Header.Set("Cookie", "k="+canary) },
		"query":         func(r *http.Request) { r.URL.RawQuery = "k=" + canary },
		"path":          func(r *http.Request) { r.URL.Path = "/" + canary },
		"body":          func(r *http.Request) {},
	}
	e := newClient(t)
	calls := 0
	for _, status = range []int{301, 302, 303, 307, 308} {
		for target, to := range targets {
			location = to
			base := "http://api.test:" + homePort + "/"
			if target == "https to http" {
				base = "https://api.test:" + homeTLSPort + "/"
			}
			for place, put := range places {
				for _, allowed := range []int{0, 5} {
					req := request(t, "POST", base, "secret="+canary)
					put(req)
					answer := e.Do(t.Context(), req, httpclient.Limits{Redirects: allowed})
					whole(t, answer)
					calls++
					if answer.Status != status || len(answer.Hops) != 1 || answer.Hops[0].Followed || answer.Hops[0].Location != to || answer.Hops[0].Note == "" {
						t.Errorf("%d to %s, secret in %s, %d allowed: %+v", status, target, place, allowed, answer.Hops)
					}
				}
			}
		}
	}
	if len(foreign) > 0 {
		t.Errorf("of %d calls %d reached a foreign server, the first: %s", calls, len(foreign), foreign[0])
	}
	if calls != 5*8*6*2 {
		t.Errorf("made %d calls", calls)
	}
	// The witness does see what is sent to it: the test can fail.
	whole(t, e.Do(t.Context(), request(t, "POST", targets["other host"], canary), httpclient.Limits{}))
	if len(foreign) != 1 || !strings.Contains(foreign[0], canary) {
		t.Errorf("the witness saw %v", foreign)
	}
}

// R7: at most as many as allowed and never more than five are followed, each
// hop is listed, and method and body are as in RFC 9110 section 15.4.
func TestFollowedRedirects(t *testing.T) {
	var seen []string
	var status, hops int
	server := serve(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		seen = append(seen, fmt.Sprintf("%s %s %s|%s|%s", req.Method, req.URL, body, req.Header.Get("Content-Type"), req.Header.Get("X-Key")))
		if len(seen) <= hops {
			w.Header().Set("Location", fmt.Sprintf("/n%d?q#frag", len(seen)))
			w.WriteHeader(status)
			return
		}
		_, _ = io.WriteString(w, "done")
	})
	fireAt := func(method string, allowed int) httpclient.Answer {
		seen = nil
		body := "b"
		if method == "GET" || method == "HEAD" {
			body = ""
		}
		req := request(t, method, server.URL+"/", body)
		req.Header["content-type"] = []string{"text/plain"}
		req.Header.Set("X-Key", "k")
		answer := newClient(t).Do(t.Context(), req, httpclient.Limits{Redirects: allowed})
		whole(t, answer)
		return answer
	}
	for _, c := range []struct {
		status int
		method string
		second string
	}{
		{301, "POST", "GET /n1?q ||k"}, {302, "POST", "GET /n1?q ||k"}, {303, "POST", "GET /n1?q ||k"},
		{303, "PUT", "GET /n1?q ||k"}, {301, "PUT", "PUT /n1?q b|text/plain|k"}, {303, "HEAD", "HEAD /n1?q |text/plain|k"},
		{307, "POST", "POST /n1?q b|text/plain|k"}, {308, "POST", "POST /n1?q b|text/plain|k"}, {302, "GET", "GET /n1?q |text/plain|k"},
	} {
		status, hops = c.status, 1
		answer := fireAt(c.method, 1)
		if len(seen) != 2 || seen[1] != c.second || answer.Status != 200 || len(answer.Hops) != 1 || !answer.Hops[0].Followed {
			t.Errorf("%d %s: second request %q, hops %+v", c.status, c.method, seen, answer.Hops)
		}
	}
	status, hops = 307, 100
	for allowed, want := range map[int]int{1: 2, 5: 6, 50: 6} {
		answer := fireAt("POST", allowed)
		last := answer.Hops[len(answer.Hops)-1]
		if len(seen) != want || len(answer.Hops) != want || last.Followed || answer.Status != 307 {
			t.Errorf("%d allowed: %d requests, last hop %+v", allowed, len(seen), last)
		}
	}
}

// T4, R8: a POST that a 301 or 302 turned into a GET was not sent on, whatever the
// last answer says. After a 303, and where the method stays, the rule judges.
func TestPostTurnedIntoGet(t *testing.T) {
	rule := &verdict.Rule{Status: "200", Conditions: []verdict.Condition{{From: verdict.FromText, Path: "done", Test: verdict.Present}}}
	for _, c := range []struct {
		method  string
		status  int
		allowed int
		want    verdict.Verdict
		says    string
	}{
		{"POST", 301, 2, verdict.Unclear, "Use this address as API URL: SERVER/new?a=1"},
		{"POST", 302, 2, verdict.Unclear, "Use this address as API URL: SERVER/new?a=1"},
		{"POST", 303, 2, verdict.Accepted, "Accepted"},
		{"POST", 307, 2, verdict.Accepted, "Accepted"},
		{"PUT", 302, 2, verdict.Accepted, "Accepted"},
		{"GET", 301, 2, verdict.Accepted, "Accepted"},
		{"POST", 301, 0, verdict.Unclear, "301, a redirect"},
	} {
		for _, last := range []int{200, 404, 429, 500} {
			server := serve(t, func(w http.ResponseWriter, req *http.Request) {
				switch req.URL.Path {
				case "/":
					w.Header().Set("Location", "/new?a=1")
					w.WriteHeader(c.status)
				default:
					w.WriteHeader(last)
					_, _ = io.WriteString(w, "done")
				}
			})
			body := "b"
			if c.method == "GET" {
				body = ""
			}
			answer := newClient(t).Do(t.Context(), request(t, c.method, server.URL+"/", body), httpclient.Limits{Redirects: c.allowed})
			got := verdict.Evaluate(t.Context(), rule, nil, "Acme", answer.Outcome())
			if c.want == verdict.Accepted && last != 200 {
				if got.Verdict == verdict.Accepted || strings.Contains(got.Reason, "POST") {
					t.Errorf("%s %d, then %d: %+v", c.method, c.status, last, got)
				}
				continue
			}
			if got.Verdict != c.want || !strings.Contains(got.Reason, strings.Replace(c.says, "SERVER", server.URL, 1)) {
				t.Errorf("%s %d, then %d: %+v", c.method, c.status, last, got)
			}
			if c.allowed == 0 && strings.Contains(got.Hint, "allow redirects") {
				t.Errorf("%s %d: %s", c.method, c.status, got.Hint)
			}
		}
	}
}
