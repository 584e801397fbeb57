package httpclient_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"keydesk/backend/httpclient"
	"keydesk/backend/secret"
)

// RULES.md, Secrets: locking the secrets forgets fetched tokens, and one that is
// being fetched is given to nobody and not kept.
func TestForget(t *testing.T) {
	server := newTokenServer(t)
	tokens, _ := newTokens(t)
	get := func(want string) {
		t.Helper()
		if token, err := tokens.Get(t.Context(), server.client()); err != nil || token.Reveal() != want {
			t.Errorf("token %q, %v; want %s", token.Reveal(), err, want)
		}
	}
	get("t1")
	tokens.Forget()
	get("t2")

	tokens.Forget()
	asked, release := make(chan struct{}), make(chan struct{})
	server.answers = func(w http.ResponseWriter, _ *http.Request) bool {
		close(asked)
		<-release
		_, _ = io.WriteString(w, `{"access_token":"late"}`)
		return true
	}
	waits := make(chan error)
	go func() {
		token, err := tokens.Get(t.Context(), server.client())
		if !token.IsEmpty() {
			t.Errorf("the waiting call got %q", token.Reveal())
		}
		waits <- err
	}()
	<-asked
	tokens.Forget()
	close(release)
	if err := <-waits; !errors.Is(err, httpclient.ErrTokenForgotten) {
		t.Errorf("the waiting call got %v", err)
	}
	server.answers = nil
	get("t3")
}

// A call that began before the secrets were locked fetches no other token after
// a 401: it would be kept past the lock.
func TestForgetDuringACall(t *testing.T) {
	server := newTokenServer(t)
	tokens, _ := newTokens(t)
	var sent []string
	target := serve(t, func(w http.ResponseWriter, req *http.Request) {
		sent = append(sent, req.Header.Get("Authorization"))
		tokens.Forget()
		w.WriteHeader(http.StatusUnauthorized)
	})
	answer, err := tokens.Do(t.Context(), server.client(), httpclient.Limits{}, func(token secret.Text) (*http.Request, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target.URL, nil)
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+token.Reveal())
		}
		return req, err
	})
	if err != nil || answer.Status != http.StatusUnauthorized || len(sent) != 1 || sent[0] != "Bearer t1" {
		t.Errorf("%d, %v, sent %v", answer.Status, err, sent)
	}
	if given := server.given.Load(); given != 1 {
		t.Errorf("%d tokens were fetched", given)
	}
}
