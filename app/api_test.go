package app

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// RULES.md, Local API: the window's program opens the local API when it is switched on,
// keeps it open while the window is locked and while nobody is signed in, and closes
// it at its end.
func TestTheLocalAPIOfTheWindow(t *testing.T) {
	a := New(Config{DataDir: t.TempDir(), Stderr: io.Discard})
	a.host.Start()
	defer a.close()
	if err := a.host.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx := access.WithSource(t.Context(), a.door.source)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	begun, err := a.ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "admin", FullName: "Ada Admin",
		Password: secret.New("correct-horse-battery-9"), Passphrase: secret.New("six words that only tests know"),
	})
	must(err)
	_, err = a.ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: begun.RecoveryCode[len(begun.RecoveryCode)-4:]})
	must(err)
	made, err := a.ops.Apikey.Create(ctx, apikey.CreateInput{RequestID: rand.Text(), Title: "CRM", Expires: apikey.Term{Days: 90}, Grants: apikey.Grants{Scopes: access.AnyScope()}})
	must(err)

	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	port := free.Addr().(*net.TCPAddr).Port
	must(free.Close())
	get := func() (int, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/v1/key", port), nil)
		must(err)
		req.Header.Set("Authorization", "x-api-key "+made.Secret)
		req.Close = true
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		return res.StatusCode, res.Body.Close()
	}
	if status, err := get(); err == nil {
		t.Errorf("before it is switched on: %d", status)
	}
	settings := organisation.LocalAPI{On: true, Port: port, PerMinute: 600, Addresses: []string{}, Names: []string{}}
	_, err = a.ops.Organisation.SaveLocalAPI(ctx, organisation.SaveLocalAPIInput{Settings: settings})
	must(err)
	state, err := a.ops.Organisation.LocalAPI(ctx, organisation.Nothing{})
	if err != nil || len(state.Listening.Addresses) == 0 || state.Listening.Code != "" {
		t.Errorf("the settings show %+v, %v", state.Listening, err)
	}
	if status, err := get(); err != nil || status != http.StatusOK {
		t.Errorf("switched on: %d, %v", status, err)
	}
	_, err = a.ops.User.Lock(ctx, user.Nothing{})
	must(err)
	if status, err := get(); err != nil || status != http.StatusOK {
		t.Errorf("locked: %d, %v", status, err)
	}
	_, err = a.ops.User.Unlock(ctx, user.PasswordInput{Password: secret.New("correct-horse-battery-9")})
	must(err)
	_, err = a.ops.User.SignOut(ctx, user.Nothing{})
	must(err)
	if status, err := get(); err != nil || status != http.StatusOK {
		t.Errorf("signed out: %d, %v", status, err)
	}
	a.close()
	if status, err := get(); err == nil {
		t.Errorf("after the end: %d", status)
	}
}
