package backend_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"keydesk/backend/call"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// RULES.md, Secrets: fetched tokens are forgotten when the secrets are locked, so
// the first call after unlocking fetches its token again.
func TestLockingTheSecretsForgetsTokens(t *testing.T) {
	fetched := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			fetched++
			_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":3600}`, fetched)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	}))
	defer server.Close()
	d := newDesk(t)
	one := draft(d.place, d.stage, server.URL+"/send")
	one.Request.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: server.URL + "/token", ClientID: "desk", ClientSecret: hidden("client-Qw72-secret")}
	saved, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one})
	if err != nil {
		t.Fatal(err)
	}
	fire := func(want int) {
		t.Helper()
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.Setups[0].ID}); err != nil {
			t.Fatal(err)
		}
		if fetched != want {
			t.Errorf("%d tokens were fetched, want %d", fetched, want)
		}
	}
	fire(1)
	fire(1)
	d.Vault.Close()
	if err := d.Vault.OpenWithPassphrase(t.Context(), secret.New(passphrase)); err != nil {
		t.Fatal(err)
	}
	fire(2)
}
