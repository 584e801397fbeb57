//go:build window

package app

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydesk/backend/host"
	"keydesk/backend/localapi"
	"keydesk/build/window"
)

// The test program starts itself as Keydesk with its real page. Its folder holds
// the data and, where the local API is on, a file "on". What plays the local
// API answers at the address in the file "address" with the state of the session,
// as long as the backend is open.
const closingVariable = "KEYDESK_CLOSING"

func runClosing(dir string) int {
	a := New(Config{Version: "test", DataDir: filepath.Join(dir, "data"), Page: os.DirFS("../frontend/dist"), Stderr: os.Stderr, Started: time.Now()})
	a.localAPI = func() localapi.State {
		_, err := os.Stat(filepath.Join(dir, "on"))
		return localapi.State{On: err == nil}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fail(err)
	}
	if _, taken := host.AskOwner(a.context(), a.config.DataDir); errors.Is(taken, host.ErrNoOwner) {
		if err := os.WriteFile(filepath.Join(dir, "address"), []byte(listener.Addr().String()), 0o600); err != nil {
			return fail(err)
		}
	}
	go func() {
		_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			state, err := a.session().State()
			if err != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			_, _ = io.WriteString(w, string(state.State))
		}))
	}()
	if err := a.Run(); err != nil {
		return fail(err)
	}
	return 0
}

func fail(err error) int {
	_, _ = fmt.Fprintln(os.Stderr, err)
	return 1
}

// realClosing is Keydesk in a real window, with an office.
type realClosing struct {
	t       *testing.T
	dir     string
	self    string
	display *window.Display
	session *window.Session
	*window.Program
}

func newRealClosing(t *testing.T) *realClosing {
	t.Helper()
	if _, err := os.Stat("../frontend/dist/index.html"); err != nil {
		t.Fatalf("%v; run: make build", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &realClosing{t: t, dir: t.TempDir(), self: self, display: window.StartDisplay(t, 1280, 900), session: window.StartSession(t)}
	a := New(Config{DataDir: filepath.Join(r.dir, "data"), Stderr: io.Discard})
	a.host.Start()
	if err := a.host.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	firstRun(t, a)
	a.close()
	r.turn(true)
	return r
}

// turn switches what plays the local API on or off.
func (r *realClosing) turn(on bool) {
	r.t.Helper()
	var err error
	if on {
		err = os.WriteFile(filepath.Join(r.dir, "on"), nil, 0o600)
	} else {
		err = os.Remove(filepath.Join(r.dir, "on"))
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *realClosing) launch() *window.Program {
	return window.Launch(r.t, r.display, r.session, []string{closingVariable + "=" + r.dir}, r.self)
}

// start opens the window, which asks for the passphrase.
func (r *realClosing) start() {
	r.t.Helper()
	r.Program = r.launch()
	r.WaitFor("screen=unlock", 20*time.Second)
	r.display.Focus("Keydesk")
}

// says waits until the log has a text for the n. time.
func (r *realClosing) says(text string, n int) {
	r.t.Helper()
	r.until(fmt.Sprintf("%q for the %d. time", text, n), func() bool { return strings.Count(r.Log(), text) >= n })
}

func (r *realClosing) until(what string, true func() bool) {
	r.t.Helper()
	for end := time.Now().Add(20 * time.Second); !true(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("not seen: %s\n%s", what, r.Log())
		}
	}
}

// answers returns what the local API's stand-in answers.
func (r *realClosing) answers() string {
	address, err := os.ReadFile(filepath.Join(r.dir, "address"))
	if err != nil {
		r.t.Fatal(err)
	}
	answer, err := http.Get("http://" + string(address))
	if err != nil {
		return err.Error()
	}
	defer func() { _ = answer.Body.Close() }()
	text, _ := io.ReadAll(answer.Body)
	return string(text)
}

func (r *realClosing) is(want SessionPhase) {
	r.t.Helper()
	r.until("session "+string(want), func() bool { return r.answers() == string(want) })
}

// ends waits for the end, with 0, and a free folder.
func (r *realClosing) ends(how string) {
	r.t.Helper()
	if code := r.Wait(20 * time.Second); code != 0 || !strings.Contains(r.Log(), "msg=stopped") {
		r.t.Errorf("%s: exit code %d\n%s", how, code, r.Log())
	}
	r.free(how)
}

func (r *realClosing) free(how string) {
	r.t.Helper()
	if owner, err := host.AskOwner(r.t.Context(), filepath.Join(r.dir, "data")); !errors.Is(err, host.ErrNoOwner) {
		r.t.Errorf("%s: %+v, %v", how, owner, err)
	}
}

const asked = "screen=closing"

// RULES.md, Closing the window, in a real one: the button of its frame asks while
// the local API is on. Escape leaves it open. Keep hides it, locked, and programs
// still get answers; a second start shows it. Stop ends it.
func TestClosingARealWindow(t *testing.T) {
	r := newRealClosing(t)
	r.start()
	r.display.Type(closingPassphrase)
	r.display.Key("Return")
	r.says("screen=signed-out", 1)
	r.display.Settle()
	r.display.Type("asha")
	r.display.Key("Tab")
	r.display.Type(closingPassword)
	r.display.Key("Return")
	r.is(SessionReady)
	r.display.Settle()

	r.display.Close("Keydesk")
	r.says(asked, 1)
	r.display.Settle()
	if into := os.Getenv("KEYDESK_PICTURES"); into != "" {
		r.display.Photograph(filepath.Join(into, "closing.png"))
	}
	r.display.Key("Escape")
	time.Sleep(300 * time.Millisecond)
	if !r.Running() || !r.display.Visible("Keydesk") || r.answers() != string(SessionReady) {
		t.Fatalf("after Escape it is %q\n%s", r.answers(), r.Log())
	}

	for round := range 2 {
		r.display.Close("Keydesk")
		r.says(asked, 2+round)
		r.display.Settle()
		r.display.Key("Return") // the answer that has the focus
		r.says("goes on without it", 1+round)
		r.until("no window", func() bool { return !r.display.Visible("Keydesk") })
		r.is(SessionLocked)

		second := r.launch()
		if code := second.Wait(20 * time.Second); code != 0 || !strings.Contains(second.Log(), "shown=true") || strings.Contains(second.Log(), "msg=painted") {
			t.Errorf("the second start: exit code %d\n%s", code, second.Log())
		}
		r.until("the window again", func() bool { return r.display.Visible("Keydesk") })
		r.says("screen=locked", 1+round)
		r.display.Focus("Keydesk")
		r.display.Settle()
		r.display.Type(closingPassword)
		r.display.Key("Return")
		r.is(SessionReady)
		r.display.Settle()
	}

	r.display.Close("Keydesk")
	r.says(asked, 4)
	r.display.Settle()
	r.display.Key("shift+Tab", "Return")
	r.ends("Stop")
}

// Where the local API is off, closing ends the program at once, as ever.
func TestClosingARealWindowWithoutTheLocalAPI(t *testing.T) {
	r := newRealClosing(t)
	r.turn(false)
	r.start()
	r.display.Close("Keydesk")
	r.ends("closing")
	if strings.Contains(r.Log(), asked) {
		t.Errorf("it asked:\n%s", r.Log())
	}
}

// SIGTERM, as at the end of a desktop session, ends the program without a question:
// while the window is open, while it asks, and while it is hidden. So does the end
// of the display, then without closing in order.
func TestTheSessionEnds(t *testing.T) {
	r := newRealClosing(t)
	ask := func() {
		r.start()
		r.display.Close("Keydesk")
		r.says(asked, 1)
		r.display.Settle()
	}
	hide := func() {
		ask()
		r.display.Key("Return")
		r.until("no window", func() bool { return !r.display.Visible("Keydesk") })
	}
	for how, begin := range map[string]func(){"open": r.start, "asking": ask, "hidden": hide} {
		begin()
		before := strings.Count(r.Log(), asked)
		if code := r.Stop(); code != 0 {
			t.Errorf("%s: exit code %d\n%s", how, code, r.Log())
		}
		r.ends(how)
		if strings.Count(r.Log(), asked) != before {
			t.Errorf("%s: it asked at SIGTERM\n%s", how, r.Log())
		}
	}
	hide()
	r.display.End()
	_ = r.Wait(20 * time.Second)
	r.free("without a display")
}
