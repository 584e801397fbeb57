package backend_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
)

// A33, R6: the client id and secret of a saved setup go where it says, the token
// request names Keydesk as the call does, and a place that does not exist is
// refused at its input.
func TestAFetchedTokenAsTheSetupSays(t *testing.T) {
	const clientSecret = "cNry cl1ent+secret"
	ways, agents := []string{}, []string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.Header.Get("User-Agent"))
		if r.URL.Path != "/token" {
			if r.Header.Get("Authorization") != "Bearer tok" {
				t.Errorf("the call came with %q", r.Header.Get("Authorization"))
			}
			w.WriteHeader(http.StatusNoContent)
			return
		}
		id, password, basic := r.BasicAuth()
		switch {
		case basic && id == "me" && password == clientSecret:
			ways = append(ways, "header_plain")
		case basic && id == "me" && password == "cNry+cl1ent%2Bsecret":
			ways = append(ways, "header")
		case r.FormValue("client_secret") == clientSecret:
			ways = append(ways, "body")
		}
		_, _ = io.WriteString(w, `{"access_token":"tok"}`)
	}))
	defer server.Close()
	d := newDesk(t)
	one := draft(d.place, d.stage, server.URL+"/send")
	one.Request.Auth = request.Auth{
		Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: server.URL + "/token", ClientID: "me",
		ClientSecret: request.Value{Secret: true, Typed: secret.New(clientSecret)},
	}
	saved := d.create(t, one)
	for _, in := range []request.ClientLocation{request.ClientBody, request.ClientHeaderPlain, request.ClientHeader, request.ClientAuto} {
		saved.Draft.Request.Auth.ClientIn = in
		var err error
		if saved, err = d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: saved.ID, Version: saved.Version, Draft: saved.Draft}); err != nil {
			t.Fatal(err)
		}
		if again, err := d.Ops.Setup.Get(atWindow(t), setup.IDInput{ID: saved.ID}); err != nil || again.Draft.Request.Auth.ClientIn != in {
			t.Errorf("saved is %q, %v", again.Draft.Request.Auth.ClientIn, err)
		}
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
		if err != nil || detail.Call.Status != http.StatusNoContent {
			t.Errorf("%q: %+v, %v", in, detail.Reply.Answer.Failure, err)
		}
	}
	if got := strings.Join(ways, " "); got != "body header_plain header header" {
		t.Errorf("the token was asked for by %s", got)
	}
	for _, agent := range agents {
		if agent != "Keydesk/test" {
			t.Errorf("a request came from %q", agent)
		}
	}
	saved.Draft.Request.Auth.ClientIn = "elsewhere"
	_, err := d.Ops.Setup.Update(atWindow(t), setup.UpdateInput{ID: saved.ID, Version: saved.Version, Draft: saved.Draft})
	at := func(one fault.Field) bool { return one.Name == "draft.request.auth.client_in" }
	if err == nil || !slices.ContainsFunc(fault.From(err).Fields, at) {
		t.Errorf("another place gave %v", err)
	}
}
