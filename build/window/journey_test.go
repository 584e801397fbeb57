//go:build window

package window_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/build/window"
)

const (
	passphrase = "six words that only tests know"
	password   = "correct-horse-battery-9"
	token      = "window-token-77"
)

// newOffice returns a data folder after a first run, with the starter tree
// Orders. Its secrets are kept with a passphrase, so that the window begins with
// Unlock.
func newOffice(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "data")
	b := backend.New(backend.Options{Folder: folder, Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1}})
	ctx := access.WithSource(t.Context(), access.Source{Kind: access.Window, ID: "preparing"})
	if err := b.Open(ctx); err != nil {
		t.Fatal(err)
	}
	begun, err := b.Ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Asha Clinic", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "asha",
		Password: secret.New(password), Passphrase: secret.New(passphrase),
	})
	if err != nil {
		t.Fatal(err)
	}
	code := begun.RecoveryCode
	if _, err := b.Ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.Organisation.CreateStarter(ctx, organisation.CreateStarterInput{Tree: "orders"}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return folder
}

// answering is a server that records what the window sends.
type answering struct {
	*httptest.Server
	mu  sync.Mutex
	got []string
}

func startAnswering(t *testing.T) *answering {
	a := &answering{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.got = append(a.got, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body))
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *answering) received() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string{}, a.got...)
}

// until waits for a condition to become true.
func until(t *testing.T, what string, limit time.Duration, true func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if true() {
			return
		}
	}
	t.Fatalf("%s did not happen within %v", what, limit)
}

// A06, A19, A20, A26, A30, A36, A37, A48, A57 in the release: unlock, sign in,
// describe a call, test it and save it, with the keyboard alone. The test checks
// what the server received and what the data folder holds.
func TestTheMainJobWithTheKeyboardAlone(t *testing.T) {
	folder, server := newOffice(t), startAnswering(t)
	display, session := window.StartDisplay(t, 1440, 900), window.StartSession(t)
	program := window.Start(t, display, session, release(t), "--data", folder)
	step := 0
	picture := func(name string) {
		if into := os.Getenv("KEYDESK_PICTURES"); into != "" {
			step++
			display.Photograph(filepath.Join(into, string(rune('a'+step))+"-"+name+".png"))
		}
	}
	pause := func() {
		time.Sleep(300 * time.Millisecond)
		display.Settle()
	}
	display.Focus("Keydesk")

	program.WaitFor("screen=unlock", 20*time.Second)
	pause()
	display.Type(passphrase)
	display.Key("Return")
	program.WaitFor("screen=signed-out", 20*time.Second)
	pause()
	picture("sign-in")
	display.Type("asha")
	display.Key("Tab")
	display.Type(password)
	display.Key("Return")
	program.WaitFor("screen=ready", 20*time.Second)
	pause()
	picture("ready")

	// The palette opens the form from anywhere. On a busy machine a key pressed
	// before the page listens is lost, so this is repeated.
	for try := 0; !strings.Contains(program.Log(), "screen=setups-new"); try++ {
		if try == 4 {
			t.Fatalf("the palette did not open the form\n%s", program.Log())
		}
		display.Key("Escape", "ctrl+k")
		pause()
		display.Type("Create API Key")
		pause()
		display.Key("Return")
		pause()
		pause()
	}
	pause()
	picture("form")

	// From the title, Tab goes through Cancel, Create, the three ways to begin and
	// the names of the sections to Process.
	tabs := make([]string, tabsToProcess)
	for i := range tabs {
		tabs[i] = "Tab"
	}
	display.Key(tabs...)
	pause()
	display.Type("Orders")
	pause()
	display.Key("Return")
	pause()
	picture("process")
	display.Key("Tab", "Tab", "Tab") // Sub Process, Sub Sub Process, Stages
	pause()
	picture("stages")
	display.Key(strings.Split(strings.Repeat("Tab ", tabsStagesToAuth-1)+"Tab", " ")...)
	pause()
	display.Key("Down") // opens the list
	pause()
	display.Key("Down", "Down", "Return") // API Key, Bearer Token
	pause()
	display.Key("Tab")
	display.Type(token)
	pause()
	picture("token")
	display.Key(strings.Split(strings.Repeat("Tab ", tabsTokenToURL-1)+"Tab", " ")...)
	pause()
	display.Type(server.URL + "/window")
	pause()
	picture("url")

	// The unsaved draft is tested first (A57).
	display.Key("ctrl+Return")
	pause()
	picture("test-panel")
	display.Key("ctrl+Return")
	until(t, "the test of the draft", 15*time.Second, func() bool { return len(server.received()) == 1 })
	pause()
	shown := filepath.Join(t.TempDir(), "answer.png")
	display.Photograph(shown)
	picture("answer")
	if n := window.Colours(t, shown, 50); n < 20 {
		t.Errorf("the answer's picture has %d colours", n)
	}
	if got := server.received()[0]; !strings.HasPrefix(got, "POST /window Bearer "+token) {
		t.Errorf("the server received %q", got)
	}

	display.Key("Escape")
	pause()
	display.Key("ctrl+s")
	program.WaitFor("screen=setups-one", 20*time.Second) // saved; the form stays open
	pause()
	picture("saved")
	if code := program.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, program.Log())
	}

	// The data folder holds the setup and its sealed token; nothing holds the
	// token in plain text.
	b := backend.New(backend.Options{Folder: folder})
	if err := b.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if _, err := b.Ops.Organisation.Unlock(t.Context(), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	page, err := b.Store.SetupPage(t.Context(), setup.ListInput{Limit: 10})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%d setups are saved, %v", len(page.Rows), err)
	}
	row := page.Rows[0]
	if row.Process != "Orders" || row.URL != server.URL+"/window" || row.AuthType != "bearer" || row.Method != "POST" {
		t.Errorf("saved: %+v", row)
	}
	held, err := b.Vault.Get(t.Context(), setup.Kind, row.ID, "auth.token")
	if err != nil || held.Reveal() != token {
		t.Errorf("the sealed token is not the one that was typed: %v", err)
	}
	err = filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), token) || strings.Contains(string(data), password) {
			t.Errorf("%s holds a secret in plain text", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// How many times Tab is pressed between these inputs of the form.
const (
	tabsToProcess    = 15
	tabsStagesToAuth = 4
	tabsTokenToURL   = 3
)
