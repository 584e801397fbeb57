package httpclient_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/httpclient"
	"keydesk/backend/secret"
)

// asks fetches a token from a server that answers like this, and gives the
// requests it got.
func asks(t *testing.T, client httpclient.ClientCredentials, status int, kind, body string) (token string, err error) {
	t.Helper()
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
	tokens, _ := newTokens(t)
	client.TokenURL, client.ID, client.Secret = server.URL+"/token", "id", secret.New(clientSecret)
	got, err := tokens.Get(t.Context(), client)
	return got.Reveal(), err
}

// R6: a token is taken from any answer of success, as JSON under any type or as a
// form, with or without a byte order mark.
func TestWhereATokenIsFound(t *testing.T) {
	for _, c := range []struct {
		status     int
		kind, body string
	}{
		{200, "application/json", `{"access_token":"tok"}`},
		{201, "application/json", `{"access_token":"tok","expires_in":60}`},
		{202, "text/html", ` {"access_token":"tok","token_type":"bearer"} `},
		{200, "application/json; charset=utf-8", "\xef\xbb\xbf" + `{"access_token":"tok"}`},
		{200, "application/json", "\xff\xfe" + wide(`{"access_token":"tok"}`)},
		{200, "application/json", `{"access_token":"tok","error":null,"error_description":7,"expires_in":null}`},
		{200, "application/json", `{"access_token":"tok","error":""}`},
		{200, "application/x-www-form-urlencoded", "access_token=tok&token_type=bearer&expires_in=60"},
		{200, "application/x-www-form-urlencoded; charset=UTF-8", "token_type=bearer&access_token=%74ok"},
	} {
		if token, err := asks(t, httpclient.ClientCredentials{}, c.status, c.kind, c.body); err != nil || token != "tok" {
			t.Errorf("%d %s %q: %q, %v", c.status, c.kind, c.body, token, err)
		}
	}
}

// wide is a text in UTF-16, little end first.
func wide(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteByte(byte(r))
		b.WriteByte(0)
	}
	return b.String()
}

// R6: without a token, what the server calls its error counts before its status;
// otherwise the beginning of what it sent is shown with its type. Neither the
// secret nor what looks like a token is in it.
func TestWhyThereIsNoToken(t *testing.T) {
	const refused, unreached = "fire.token_refused", "fire.token_unreached"
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
	for _, c := range []struct {
		status         int
		kind, body     string
		code, contains string
	}{
		{200, "application/json", `{"error":"invalid_client","error_description":"no such client"}`, refused, "refused: invalid_client no such client (status 200)."},
		{500, "application/json", `{"error":"invalid_scope"}`, refused, "refused: invalid_scope (status 500)."},
		{400, "application/json", "\xef\xbb\xbf" + `{"error":"unauthorized_client"}`, refused, "refused: unauthorized_client (status 400)."},
		{400, "application/x-www-form-urlencoded", "error=invalid_client&error_description=not+here", refused, "refused: invalid_client not here (status 400)."},
		{400, "application/json", `{"error":"temporarily_unavailable"}`, unreached, "answered 400: temporarily_unavailable. Try again later."},
		{429, "application/json", `{"error":"slow_down"}`, unreached, "answered 429: slow_down. Try again later."},
		{200, "text/html; charset=utf-8", "<html>\n <title>Sign in</title>", unreached, "answered 200, but without a token. It sent text/html: <html> <title>Sign in</title>"},
		{200, "application/json", `{"token":"short","note":"see docs"}`, unreached, `It sent application/json: {"token":"` + secret.Mask + `","note":"see docs"}`},
		{200, "application/json", `{"data":"` + jwt + `"}`, unreached, `It sent application/json: {"data":"` + secret.Mask + `"}`},
		{200, "application/json", `{"accessToken":"` + jwt[:18] + `\"x`, unreached, `{"accessToken":"` + secret.Mask},
		{200, "access_token", "access_token=x", unreached, "It sent no known type: access_token=x"},
		{200, "application/json", "", unreached, "The answer is empty."},
		{403, "text/plain", "you sent s3cret & co, s3cret+%26+co and aWQ6czNjcmV0KyUyNitjbw==", refused, "(status 403). It sent text/plain: you sent " + secret.Mask},
		{500, "text/plain", strings.Repeat("word ", 100), unreached, "Try again later. It sent text/plain: word word"},
	} {
		token, err := asks(t, httpclient.ClientCredentials{}, c.status, c.kind, c.body)
		known := fault.From(err)
		if err == nil || token != "" || known.Code != c.code || !strings.Contains(known.Message, c.contains) {
			t.Errorf("%d %s %q:\n%v\nwant %s", c.status, c.kind, c.body, err, c.contains)
			continue
		}
		for _, never := range []string{clientSecret, "s3cret", "czNjcmV0", jwt[:18]} {
			if strings.Contains(known.Message, never) {
				t.Errorf("%q is in %q", never, known.Message)
			}
		}
		if len([]rune(known.Message)) > 340 {
			t.Errorf("%d characters: %q", len([]rune(known.Message)), known.Message)
		}
	}
}

// R6: client id and secret go where the setup says, or are tried in turn; the
// request names Keydesk.
func TestWhereClientAndSecretGo(t *testing.T) {
	for _, c := range []struct {
		in    httpclient.CredentialsIn
		takes string // what the server takes
		want  string // what it got, in order
		ok    bool
	}{
		{httpclient.Automatic, "header", "header", true},
		{httpclient.Automatic, "body", "header body", true},
		{httpclient.Automatic, "plain", "header body plain", true},
		{httpclient.Automatic, "nothing", "header body plain", false},
		{httpclient.InHeader, "body", "header", false},
		{httpclient.InHeaderPlain, "plain", "plain", true},
		{httpclient.InHeaderPlain, "header", "plain", false},
		{httpclient.InBody, "body", "body", true},
		{httpclient.InBody, "header", "body", false},
	} {
		var got []string
		server := serve(t, func(w http.ResponseWriter, req *http.Request) {
			if agent := req.Header.Get("User-Agent"); agent != "Keydesk/test" {
				t.Errorf("the User-Agent is %q", agent)
			}
			id, password, basic := req.BasicAuth()
			way := "nothing"
			switch {
			case basic && id == "i%3Ad" && password == "s3cret+%26+co":
				way = "header"
			case basic && id == "i" && password == "d:"+clientSecret: // a colon cannot be told apart
				way = "plain"
			case !basic && req.FormValue("client_id") == "i:d" && req.FormValue("client_secret") == clientSecret:
				way = "body"
			}
			if got = append(got, way); way != c.takes {
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = io.WriteString(w, `{"error":"invalid_client"}`)
				return
			}
			_, _ = io.WriteString(w, `{"access_token":"tok","expires_in":60}`)
		})
		tokens, clock := newTokens(t)
		client := httpclient.ClientCredentials{TokenURL: server.URL, ID: "i:d", Secret: secret.New(clientSecret), In: c.in, UserAgent: "Keydesk/test"}
		token, err := tokens.Get(t.Context(), client)
		if (err == nil) != c.ok || (token.Reveal() == "tok") != c.ok || strings.Join(got, " ") != c.want {
			t.Errorf("%q at a server that takes %s: %q, %v, it got %v", c.in, c.takes, token.Reveal(), err, got)
		}
		if !c.ok {
			if !errors.Is(err, httpclient.ErrTokenRefused) {
				t.Errorf("%q: %v", c.in, err)
			}
			continue
		}
		// What was taken comes first the next time.
		got = nil
		clock.advance(2 * time.Minute)
		if _, err := tokens.Get(t.Context(), client); err != nil || strings.Join(got, " ") != c.takes {
			t.Errorf("%q the second time: %v, it got %v", c.in, err, got)
		}
	}
}
