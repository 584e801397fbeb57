package backend_test

import (
	"crypto/rand"
	"testing"

	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/secret"
)

// RULES.md, Storage: a key is checked without the disk, from its first use on, also
// in the run in which the office made its first key.
func TestKeysAreCheckedInMemory(t *testing.T) {
	d := newDesk(t)
	made, err := d.Ops.Apikey.Create(atWindow(t), apikey.CreateInput{RequestID: rand.Text(), Title: "CRM", Expires: apikey.Term{Days: 90}, Grants: apikey.Grants{Scopes: access.AnyScope()}})
	if err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		found, err := d.Ops.Apikey.Authenticate(from(t, access.API, ""), apikey.Presented{Key: secret.New(made.Secret), Source: "127.0.0.1"})
		if err != nil || found.KeyID != made.Key.ID || found.Refusal != nil {
			t.Errorf("%+v, %v", found, err)
		}
	}
	check()
	// Whatever is on the disk now is not looked at.
	if _, err := openRaw(t, d.folder).Exec("DELETE FROM secret WHERE slot = 'api_keys'"); err != nil {
		t.Fatal(err)
	}
	if _, err := openRaw(t, d.folder).Exec("DELETE FROM api_key"); err != nil {
		t.Fatal(err)
	}
	check()
}
