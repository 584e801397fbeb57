package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/organisation"
)

// openLocalAPI switches the local API of an office on, at a port that is free, and
// makes a key with every scope.
func openLocalAPI(t *testing.T, folder string) (address, key string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	signedIn(t, folder, func(ops backend.Ops) {
		ctx := atWindow(t.Context())
		settings := organisation.LocalAPI{On: true, Port: port, PerMinute: 100_000, Addresses: []string{}, Names: []string{}}
		if _, err := ops.Organisation.SaveLocalAPI(ctx, organisation.SaveLocalAPIInput{Settings: settings}); err != nil {
			t.Fatal(err)
		}
		made, err := ops.Apikey.Create(ctx, apikey.CreateInput{RequestID: rand.Text(), Title: "CRM", Expires: apikey.Term{Days: 90}, Grants: apikey.Grants{Scopes: access.AnyScope()}})
		if err != nil {
			t.Fatal(err)
		}
		key = made.Secret
	})
	return fmt.Sprintf("http://127.0.0.1:%d", port), key
}

// RULES.md, Without a window: the local API is open while the office is served, and
// closed when the program has ended.
func TestTheLocalAPIIsServed(t *testing.T) {
	t.Parallel()
	folder := makeOffice(t, passphrase)
	address, key := openLocalAPI(t, folder)
	get := func() (int, string, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/v1/key", nil)
		if err != nil {
			return 0, "", err
		}
		req.Header.Set("Authorization", "x-api-key "+key)
		req.Close = true
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, "", err
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		return res.StatusCode, string(body), err
	}
	p := serve(t, folder)
	p.waitFor("READY=1")
	if status, body, err := get(); err != nil || status != http.StatusOK {
		t.Errorf("while it serves: %d %s, %v\n%s", status, body, err, p.out)
	}
	p.signal(syscall.SIGTERM)
	if code := p.code(); code != exitOK {
		t.Errorf("exit code %d\n%s", code, p.out)
	}
	if status, body, err := get(); err == nil {
		t.Errorf("after it: %d %s", status, body)
	}
}
