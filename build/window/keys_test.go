//go:build window

package window_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
	"keydesk/build/window"
)

// Walk E in the release with the keyboard alone (E02 to E06, E12, E13, E18): a key
// is made and copied, another one is made with what the clipboard holds as its
// title, and the first is revoked. What was copied is the key: Check a key knows
// it.
func TestAnAPIKeyWithTheKeyboardAlone(t *testing.T) {
	folder := newOffice(t)
	display, session := window.StartDisplay(t, 1440, 900), window.StartSession(t)
	program := window.Start(t, display, session, release(t), "--data", folder)
	step := 0
	pause := func() {
		time.Sleep(400 * time.Millisecond)
		display.Settle()
		if into := os.Getenv("KEYDESK_PICTURES"); into != "" {
			step++
			display.Photograph(filepath.Join(into, "keys-"+string(rune('a'+step))+".png"))
		}
	}
	display.Focus("Keydesk")
	program.WaitFor("screen=unlock", 20*time.Second)
	pause()
	display.Type(passphrase)
	display.Key("Return")
	program.WaitFor("screen=signed-out", 20*time.Second)
	pause()
	display.Type("asha")
	display.Key("Tab")
	display.Type(password)
	display.Key("Return")
	program.WaitFor("screen=ready", 20*time.Second)
	pause()

	// open goes to what the palette finds. On a busy machine a key pressed before
	// the page listens is lost, so it is repeated until done says that it worked.
	open := func(words string, done func() bool) {
		t.Helper()
		for try := 0; !done(); try++ {
			if try == 4 {
				t.Fatalf("the palette did not open %q\n%s", words, program.Log())
			}
			display.Key("Escape", "ctrl+k")
			pause()
			display.Type(words)
			pause()
			display.Key("Return")
			pause()
			pause()
		}
	}
	shown := func(n int) func() bool {
		return func() bool { return strings.Count(program.Log(), "screen=key-shown") == n }
	}
	open("Generate an API Key", func() bool { return strings.Contains(program.Log(), "screen=keys-list") })
	display.Type("Payment Gateway")
	pause()
	display.Key("Return")
	until(t, "the first key", 15*time.Second, shown(1))
	pause()
	display.Key("Tab", "Return") // Copy
	pause()
	display.Key("Escape") // It was copied, so nothing is asked.
	pause()

	// The list is open already, and the focus is back in it.
	display.Key("ctrl+k")
	pause()
	display.Type("Generate an API Key")
	pause()
	display.Key("Return")
	pause()
	pause()
	display.Key("ctrl+v")
	pause()
	display.Key("Return")
	until(t, "the second key", 15*time.Second, shown(2))
	pause()
	display.Key("Escape") // It was not copied, so this asks.
	pause()
	display.Key("Tab", "Return") // Close
	pause()

	// The palette finds the first key; its details have Close, Edit, Replace,
	// Disable and Revoke.
	display.Key("ctrl+k")
	pause()
	display.Type("Payment")
	pause()
	pause()
	display.Key("Return")
	pause()
	pause()
	display.Key("Tab", "Tab", "Tab", "Tab", "Return")
	pause()
	display.Key("Tab", "Return") // Revoke, beside Keep
	pause()
	pause()
	if code := program.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, program.Log())
	}

	b := backend.New(backend.Options{Folder: folder})
	ctx := access.WithSource(t.Context(), access.Source{Kind: access.Window, ID: "looking"})
	if err := b.Open(ctx); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if _, err := b.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.User.SignIn(ctx, user.SignInInput{Name: "asha", Password: secret.New(password)}); err != nil {
		t.Fatal(err)
	}
	page, err := b.Ops.Apikey.List(ctx, apikey.ListInput{Sort: "created"})
	if err != nil || len(page.Rows) != 2 {
		t.Fatalf("%d keys, %v", len(page.Rows), err)
	}
	first, second := page.Rows[0], page.Rows[1]
	if first.Title != "Payment Gateway" || first.Status != apikey.Revoked || second.Status != apikey.Active {
		t.Errorf("the keys are %q, %s and %q, %s", first.Title, first.Status, second.Title, second.Status)
	}
	if !apikey.Pattern.MatchString(second.Title) {
		t.Fatalf("the clipboard held %q", second.Title)
	}
	checked, err := b.Ops.Apikey.Check(ctx, apikey.CheckInput{Key: secret.New(second.Title)})
	if err != nil || checked.Result != apikey.IsRevoked || checked.Key.ID != first.ID {
		t.Errorf("what was copied is %+v, %v", checked, err)
	}
}
