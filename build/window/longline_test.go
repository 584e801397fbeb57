//go:build window

package window_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
	"keydesk/build/window"
)

// longLine is how long the answer's one line is: as much of an answer as is
// shown (RULES.md, History).
const longLine = 1 << 20

// addSetup saves a setup that calls an address, in an office from newOffice.
func addSetup(t *testing.T, folder, url string) {
	t.Helper()
	b := backend.New(backend.Options{Folder: folder, Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1}})
	ctx := access.WithSource(t.Context(), access.Source{Kind: access.Window, ID: "preparing"})
	if err := b.Open(ctx); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := b.Ops.Organisation.Unlock(ctx, organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Ops.User.SignIn(ctx, user.SignInInput{Name: "asha", Password: secret.New(password)}); err != nil {
		t.Fatal(err)
	}
	tree, err := b.Ops.Process.Tree(ctx, process.TreeInput{})
	if err != nil {
		t.Fatal(err)
	}
	draft := setup.Draft{
		Name: "Long line", PlaceID: tree.Places[0].ID, Channel: setup.SMS, Enabled: true,
		Request: request.Spec{Method: "GET", URL: url, Auth: request.Auth{Type: request.NoAuth}},
	}
	if _, err := b.Ops.Setup.Create(ctx, setup.CreateInput{Draft: draft}); err != nil {
		t.Fatal(err)
	}
}

// R8: an answer of one long line is shown, and the window goes on, within 5 s.
// WebKit lays a line out in a time that grows faster than the line, so only the
// real window shows what it costs.
func TestAnAnswerOfOneLongLineIsShownInTime(t *testing.T) {
	bodies := []struct{ name, body string }{
		{"short", `{"status":"ok"}`}, // loads the editor's code
		{"text", strings.Repeat("All work and no play. ", longLine/22)},
		{"one word", strings.Repeat("x", longLine)},
		{"json", `{"message":"` + strings.Repeat("é{}<>\\n ", longLine/10) + `"}`},
		{"json list", "[" + strings.Repeat(`{"a":1},`, longLine/8-10) + `{"a":1}]`},
		{"xml", "<a>" + strings.Repeat("<b>1</b>", longLine/8-2) + "</a>"},
	}
	var turn atomic.Int32
	var answered atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		at := int(turn.Load())
		answered.Store(time.Now().UnixNano())
		_, _ = w.Write([]byte(bodies[at].body))
	}))
	t.Cleanup(server.Close)
	folder := newOffice(t)
	addSetup(t, folder, server.URL)
	display, session := window.StartDisplay(t, 1440, 900), window.StartSession(t)
	program := window.Start(t, display, session, release(t), "--data", folder)
	pause := func() {
		time.Sleep(300 * time.Millisecond)
		display.Settle()
	}
	seen := func(screen string) int { return strings.Count(program.Log(), "screen="+screen+" ") }
	again := func(screen string, than int, limit time.Duration) {
		t.Helper()
		until(t, "the screen "+screen, limit, func() bool { return seen(screen) > than })
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
	program.WaitFor("screen=dashboard ", 20*time.Second)
	pause()
	for try := 0; seen("setups-one") == 0; try++ {
		if try == 4 {
			t.Fatalf("the palette did not open the setup\n%s", program.Log())
		}
		display.Key("Escape", "ctrl+k")
		pause()
		display.Type("Long line")
		pause()
		display.Key("Return")
		pause()
	}
	display.Key("ctrl+Return")
	pause()
	for at, one := range bodies {
		turn.Store(int32(at))
		before := seen("answer")
		display.Key("ctrl+Return")
		again("answer", before, 20*time.Second)
		if at == 0 {
			pause()
			continue
		}
		// The next thing a person does works at once: another test.
		began := time.Unix(0, answered.Load())
		turn.Store(0)
		before = seen("answer")
		display.Key("ctrl+Return")
		again("answer", before, 60*time.Second)
		took := time.Since(began)
		t.Logf("%s: the window went on %v after the answer", one.name, took.Round(time.Millisecond))
		if took > 5*time.Second {
			t.Errorf("%s: the window was busy with the answer for %v", one.name, took.Round(time.Millisecond))
		}
	}
	if code := program.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, program.Log())
	}
}
