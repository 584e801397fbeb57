package app

import (
	"errors"
	"io"
	"path/filepath"
	"testing"

	"keydesk/backend/localapi"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// closable is an App without a window, whose local API is on as long as on is true.
func closable(t *testing.T, on *bool) *App {
	t.Helper()
	a := New(Config{DataDir: filepath.Join(t.TempDir(), "data"), Stderr: io.Discard})
	a.localAPI = func() localapi.State { return localapi.State{On: *on} }
	return a
}

// RULES.md, Closing the window: closing asks as long as the local API is on, and
// not otherwise. Going on as it was leaves everything so.
func TestClosingAsksWhileTheLocalAPIIsOn(t *testing.T) {
	on := false
	a := closable(t, &on)
	asked := func() bool {
		t.Helper()
		state, err := a.window.Closing()
		if err != nil {
			t.Fatal(err)
		}
		return state.Asked
	}
	if a.closing.holds() || asked() {
		t.Error("it asks while the local API is off")
	}
	without := New(Config{DataDir: t.TempDir(), Stderr: io.Discard})
	if without.closing.holds() {
		t.Error("it asks although there is no local API")
	}
	if err := a.window.AnswerClosing(AnswerClosingInput{Answer: CloseStop}); !errors.Is(err, ErrNothingAsked) || a.closing.ended {
		t.Errorf("an answer without a question: %v", err)
	}
	on = true
	for range 2 {
		for range 2 { // a second press of the button
			if !a.closing.holds() || !asked() {
				t.Error("it does not ask")
			}
		}
		if err := a.window.AnswerClosing(AnswerClosingInput{Answer: CloseStay}); err != nil || asked() || a.closing.hidden || a.closing.ended {
			t.Errorf("after Escape: %v", err)
		}
	}
	if !a.closing.holds() {
		t.Error("it does not ask again")
	}
	if err := a.window.AnswerClosing(AnswerClosingInput{Answer: CloseStop}); err != nil || asked() || a.closing.holds() {
		t.Errorf("Stop does not end it: %v", err)
	}
}

// A page that does not ask, because it is broken, does not keep the window open. One
// that asks may take any time.
func TestABrokenPageDoesNotKeepTheWindowOpen(t *testing.T) {
	on := true
	a := closable(t, &on)
	if !a.closing.holds() {
		t.Fatal("it does not ask")
	}
	if _, err := a.window.Closing(); err != nil {
		t.Fatal(err)
	}
	a.closing.giveUp()
	if !a.closing.holds() {
		t.Error("the question was taken back although the page shows it")
	}
	b := closable(t, &on)
	if !b.closing.holds() || !b.closing.late.Stop() {
		t.Fatal("nobody waits for the page")
	}
	b.closing.giveUp()
	if b.closing.holds() {
		t.Error("a broken page keeps the window open")
	}
}

const (
	closingPassword   = "correct-horse-battery-9"
	closingPassphrase = "six words that only tests know"
)

// firstRun makes an office, whose first user is signed in afterwards.
func firstRun(t *testing.T, a *App) {
	t.Helper()
	begun, err := call(a.door, a.ops.Organisation.Begin, organisation.BeginInput{
		Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "asha",
		Password: secret.New(closingPassword), Passphrase: secret.New(closingPassphrase),
	})
	if err != nil {
		t.Fatal(err)
	}
	code := begun.RecoveryCode
	if _, err := call(a.door, a.ops.Organisation.Confirm, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		t.Fatal(err)
	}
}

// RULES.md, Closing the window: a window that is hidden is locked. Showing it asks
// for the password, and closing it asks again.
func TestAHiddenWindowIsLocked(t *testing.T) {
	on := true
	a := closable(t, &on)
	a.host.Start()
	defer a.close()
	if err := a.host.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	firstRun(t, a)
	is := func(want SessionPhase) {
		t.Helper()
		if state, err := a.session().State(); err != nil || state.State != want {
			t.Errorf("%s, %v; want %s", state.State, err, want)
		}
	}
	keep := func() {
		t.Helper()
		if !a.closing.holds() {
			t.Error("it does not ask")
		}
		if err := a.window.AnswerClosing(AnswerClosingInput{Answer: CloseKeep}); err != nil || !a.closing.hidden {
			t.Error(err)
		}
	}
	is(SessionReady)
	keep()
	is(SessionLocked)
	// Only a signal can close what nobody sees.
	if a.closing.holds() {
		t.Error("a hidden window asks")
	}
	a.closing.shown()
	is(SessionLocked)
	keep()
	a.closing.shown()
	if _, err := call(a.door, a.ops.User.Unlock, user.PasswordInput{Password: secret.New(closingPassword)}); err != nil {
		t.Fatal(err)
	}
	if _, err := call(a.door, a.ops.User.SignOut, user.Nothing{}); err != nil {
		t.Fatal(err)
	}
	keep()
	is(SessionSignedOut)
}
