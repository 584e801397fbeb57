package app

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wailsapp/wails/v2/pkg/options"

	"keydesk/backend/access"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

// UI.md, Looks: the page says how it looks before any script or style sheet is there,
// so that a dark one does not begin white. Where the system decides it says nothing.
func TestThePageSaysHowItLooks(t *testing.T) {
	for look, want := range map[user.Appearance][]string{
		{Scheme: "dark", TextSize: 125}:   {`<html lang="en" data-scheme="dark" data-text-size="125" data-mantine-color-scheme="dark">`, `<meta name="color-scheme" content="dark" />`},
		{Scheme: "light", TextSize: 90}:   {`<html lang="en" data-scheme="light" data-text-size="90" data-mantine-color-scheme="light">`, `<meta name="color-scheme" content="light" />`},
		{Scheme: "system", TextSize: 112}: {`<html lang="en" data-scheme="system" data-text-size="112">`, `<meta name="color-scheme" content="light dark" />`},
	} {
		_, _, body := get(t, pageAssetsLooking(look, ""), "/", nil)
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%+v: no %s in %s", look, part, body)
			}
		}
	}
	// The page that is built has what is replaced.
	source, err := os.ReadFile("../frontend/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`<html lang="en">`, `<meta name="color-scheme" content="light dark" />`} {
		if strings.Count(string(source), part) != 1 {
			t.Errorf("index.html has not one %s", part)
		}
	}
}

// UI.md, Looks: the window's colour until the page is drawn is that of the last person,
// or the system's where they left it to that. What another program wrote into
// window.json is not taken for an appearance.
func TestTheWindowBeginsInTheColourOfTheLastPerson(t *testing.T) {
	t.Setenv("GTK_THEME", "Adwaita")
	light, dark := options.NewRGB(0xff, 0xff, 0xff), options.NewRGB(0x24, 0x24, 0x24)
	usual := user.UsualAppearance
	for file, want := range map[string]struct {
		look   user.Appearance
		colour *options.RGBA
	}{
		`{"dark":true}`: {usual, dark},
		`{"dark":true,"look":{"scheme":"light","text_size":125}}`:                           {user.Appearance{Scheme: "light", TextSize: 125}, light},
		`{"dark":false,"look":{"scheme":"dark","text_size":90}}`:                            {user.Appearance{Scheme: "dark", TextSize: 90}, dark},
		`{"dark":false,"look":{"scheme":"system","text_size":100}}`:                         {usual, light},
		`{"dark":false,"look":{"scheme":"\"><script>alert(1)</script>","text_size":99999}}`: {usual, light},
		`{"look":7}`: {usual, light},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "window.json"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		var f frame
		f.load(dir)
		if f.look() != want.look || *f.background() != *want.colour {
			t.Errorf("%s: %+v on %+v", file, f.look(), *f.background())
		}
	}
}

// UI.md, Looks: each person has their own appearance, also after a restart, and the
// screens before a sign-in have that of who used Keydesk last, also after a kill.
func TestEachPersonHasTheirAppearance(t *testing.T) {
	folder := t.TempDir()
	a := New(Config{DataDir: folder, Stderr: io.Discard})
	start := func() {
		t.Helper()
		a.frame.load(folder)
		a.host.Start()
		if err := a.host.Opened(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	start()
	defer func() { a.close() }()
	ctx := access.WithSource(t.Context(), a.door.source)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	looks := func(phase SessionPhase, want user.Appearance) {
		t.Helper()
		state, err := a.session().State()
		must(err)
		if state.State != phase || state.Appearance != want {
			t.Errorf("%s looks like %+v, want %s and %+v", state.State, state.Appearance, phase, want)
		}
		var kept frameFile
		content, err := os.ReadFile(filepath.Join(folder, "window.json"))
		if err == nil {
			must(json.Unmarshal(content, &kept))
		}
		if kept.Look.Known() != want {
			t.Errorf("the next start would look like %+v, want %+v", kept.Look, want)
		}
	}
	set := func(look user.Appearance) {
		t.Helper()
		_, err := a.ops.User.SetAppearance(ctx, look)
		must(err)
	}
	looks(SessionFirstRun, user.UsualAppearance)
	const password, other, passphrase = "correct-horse-battery-9", "another-horse-battery-8", "six words that only tests know"
	begun, err := a.ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "ada", FullName: "Ada Admin",
		Password: secret.New(password), Passphrase: secret.New(passphrase),
	})
	must(err)
	_, err = a.ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: begun.RecoveryCode[len(begun.RecoveryCode)-4:]})
	must(err)
	_, err = a.ops.User.Create(ctx, user.CreateInput{Name: "bob", Password: secret.New(other), RoleIDs: []string{user.Viewer}})
	must(err)
	signIn := func(name, password string) {
		t.Helper()
		_, err := a.ops.User.SignIn(ctx, user.SignInInput{Name: name, Password: secret.New(password)})
		must(err)
	}
	signOut := func() {
		t.Helper()
		_, err := a.ops.User.SignOut(ctx, user.Nothing{})
		must(err)
	}

	dark, large := user.Appearance{Scheme: "dark", TextSize: 125}, user.Appearance{Scheme: "light", TextSize: 90}
	looks(SessionReady, user.UsualAppearance)
	set(dark)
	looks(SessionReady, dark)
	_, err = a.ops.User.Lock(ctx, user.Nothing{})
	must(err)
	looks(SessionLocked, dark)
	if _, err := a.ops.User.SetAppearance(ctx, large); err == nil {
		t.Error("it was changed behind the lock")
	}
	_, err = a.ops.User.Unlock(ctx, user.PasswordInput{Password: secret.New(password)})
	must(err)
	signOut()
	looks(SessionSignedOut, dark)
	if _, err := a.ops.User.SetAppearance(ctx, large); err == nil {
		t.Error("it was changed by nobody")
	}
	// Who has to choose a password may do nothing else, but sees their own.
	signIn("bob", other)
	looks(SessionMustChange, user.UsualAppearance)
	_, err = a.ops.User.ChangePassword(ctx, user.ChangePasswordInput{OldPassword: secret.New(other), NewPassword: secret.New(password)})
	must(err)
	set(large) // a Viewer, who may change nothing else
	looks(SessionReady, large)

	// The program starts again, and is closed at first.
	a.close()
	a = New(Config{DataDir: folder, Stderr: io.Discard})
	start()
	ctx = access.WithSource(t.Context(), a.door.source)
	looks(SessionUnlock, large)
	_, err = a.ops.Organisation.Unlock(ctx, organisation.UnlockInput{Passphrase: secret.New(passphrase)})
	must(err)
	looks(SessionSignedOut, large)
	signIn("ada", password)
	looks(SessionReady, dark)
	signOut()
	looks(SessionSignedOut, dark)
	signIn("bob", password)
	looks(SessionReady, large)
	for _, wrong := range []user.Appearance{{Scheme: "blue", TextSize: 100}, {Scheme: "", TextSize: 100}, {Scheme: "dark", TextSize: 0}, {Scheme: "dark", TextSize: 101}} {
		if _, err := a.ops.User.SetAppearance(ctx, wrong); err == nil {
			t.Errorf("%+v was kept", wrong)
		}
	}
	looks(SessionReady, large)
}
