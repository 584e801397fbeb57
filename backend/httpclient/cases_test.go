package httpclient_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"keydesk/backend/httpclient"
	"keydesk/backend/secret"
)

// A33, R6; B07: answers of token addresses that are nearly OAuth 2. A life written
// as a text or with a fraction counts, one that is not known is an hour, and what is
// no token is a failure of which nothing is kept.
func TestReportedTokenAnswers(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		life             time.Duration // 0: there is no token
		says             string        // of what came instead
	}{
		{"life as a text", "application/json", `{"access_token":"t","token_type":"bearer","expires_in":"3599"}`, 3599 * time.Second, ""},
		{"no life", "application/json", `{"access_token":"t","expires_in":null}`, time.Hour, ""},
		{"life with a fraction", "application/json", `{"access_token":"t","token_type":"Bearer","expires_in":3599.0}`, 3599 * time.Second, ""},
		{"a form", "application/x-www-form-urlencoded", "access_token=t&expires_in=60&token_type=bearer", 60 * time.Second, ""},
		{"an error in a 200", "application/json", `{"error":"invalid_client"}`, 0, "invalid_client"},
		{"a page", "text/html", `<html>sign in</html>`, 0, "text/html: <html>sign in</html>"},
		{"an empty token", "application/json", `{"access_token":"","expires_in":3600}`, 0, "without a token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				asked++
				w.Header().Set("Content-Type", c.kind)
				_, _ = io.WriteString(w, c.body)
			})
			tokens, clock := newTokens(t)
			ask := func(want int) {
				t.Helper()
				token, err := tokens.Get(t.Context(), httpclient.ClientCredentials{TokenURL: server.URL, ID: "id", Secret: secret.New(clientSecret)})
				if (err == nil) != (c.life > 0) || token.Reveal() != map[bool]string{true: "t"}[c.life > 0] || c.life > 0 && asked != want {
					t.Errorf("%q, %v, asked %d times, want %d", token.Reveal(), err, asked, want)
				}
				if err != nil && !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v does not say %q", err, c.says)
				}
			}
			ask(1)
			if c.life == 0 {
				before := asked
				if ask(0); asked == before {
					t.Error("the failure was kept")
				}
				return
			}
			early := min(30*time.Second, c.life/10)
			clock.advance(c.life - early - time.Second)
			ask(1)
			clock.advance(2 * time.Second)
			ask(2)
		})
	}
}

// R6; B08: an id and a secret with special characters are form-encoded, joined and
// only then put into base64 (RFC 6749, section 2.3.1; the header was computed
// outside this repository). A server that wants them in the body gets them as a
// form there.
func TestReportedClientSecret(t *testing.T) {
	var headers, bodies []string
	server := serve(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		headers, bodies = append(headers, req.Header.Get("Authorization")), append(bodies, string(body))
		if !strings.Contains(string(body), "client_secret=") {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error":"invalid_client"}`)
			return
		}
		_, _ = io.WriteString(w, `{"access_token":"t"}`)
	})
	tokens, _ := newTokens(t)
	token, err := tokens.Get(t.Context(), httpclient.ClientCredentials{TokenURL: server.URL, ID: "office app:1", Secret: secret.New("a+b/c=d:e%f")})
	if err != nil || token.Reveal() != "t" || len(headers) != 2 {
		t.Fatalf("%q, %v, %d requests", token.Reveal(), err, len(headers))
	}
	if want := "Basic b2ZmaWNlK2FwcCUzQTE6YSUyQmIlMkZjJTNEZCUzQWUlMjVm"; headers[0] != want || headers[1] != "" {
		t.Errorf("the headers are %q, want %q first", headers, want)
	}
	for _, want := range []string{"client_id=office+app%3A1", "client_secret=a%2Bb%2Fc%3Dd%3Ae%25f"} {
		if !strings.Contains("&"+bodies[1]+"&", "&"+want+"&") {
			t.Errorf("no %s in %s", want, bodies[1])
		}
	}
}
