//go:build window

package window_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keydesk/build/window"
)

// release returns the path of the release.
func release(t *testing.T) string {
	t.Helper()
	path := os.Getenv("KEYDESK_BINARY")
	if path == "" {
		path = "../bin/keydesk"
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(whole); err != nil {
		t.Fatalf("%v; run: make build", err)
	}
	return whole
}

// The program starts, paints, is photographed and stops cleanly.
func TestTheWindowOpensPaintsAndStopsCleanly(t *testing.T) {
	display, session := window.StartDisplay(t, 1440, 900), window.StartSession(t)
	data := filepath.Join(t.TempDir(), "data")
	program := window.Start(t, display, session, release(t), "--data", data)
	program.WaitFor("screen=first-run", 20*time.Second)

	// The screen's own code may still be loading. A painted screen has black
	// around it, a background, and the shades of letters.
	picture := filepath.Join(t.TempDir(), "window.png")
	until(t, "a picture with more than one colour", 15*time.Second, func() bool {
		display.Photograph(picture)
		return window.Colours(t, picture, 10) >= 5
	})
	if code := program.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, program.Log())
	}
	if !strings.Contains(program.Log(), "msg=stopped") {
		t.Errorf("the program did not close what it had opened:\n%s", program.Log())
	}
	for name, mode := range map[string]os.FileMode{"log/keydesk.log": 0o600, "window.json": 0o600, "log": 0o700, ".": 0o700} {
		info, err := os.Stat(filepath.Join(data, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; want mode %v", name, info, err, mode)
		}
	}
}

func TestASecondStartRaisesTheFirstWindowAndEnds(t *testing.T) {
	display, session := window.StartDisplay(t, 1440, 900), window.StartSession(t)
	data := filepath.Join(t.TempDir(), "data")
	first := window.Start(t, display, session, release(t), "--data", data)
	// Through control.sock, so it needs no session bus.
	for _, bus := range [][]string{nil, {"DBUS_SESSION_BUS_ADDRESS="}} {
		second := window.Launch(t, display, session, bus, release(t), "--data", data+"/.")
		if code := second.Wait(10 * time.Second); code != 0 || !strings.Contains(second.Log(), "shown=true") {
			t.Errorf("exit code %d\n%s", code, second.Log())
		}
		if strings.Contains(second.Log(), "msg=painted") {
			t.Errorf("a second window opened:\n%s", second.Log())
		}
	}
	if !first.Running() {
		t.Fatalf("the first window closed:\n%s", first.Log())
	}
	other := window.Start(t, display, session, release(t), "--data", filepath.Join(t.TempDir(), "other"))
	if code := other.Stop(); code != 0 {
		t.Errorf("the other office: exit code %d", code)
	}
	if code := first.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, first.Log())
	}
}

func TestWithoutADisplayTheProgramSaysSoInOneLine(t *testing.T) {
	session := window.StartSession(t)
	nowhere := &window.Display{}
	program := window.Launch(t, nowhere, session, nil, release(t), "--data", filepath.Join(t.TempDir(), "data"))
	if code := program.Wait(10 * time.Second); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if log := strings.TrimSpace(program.Log()); !strings.Contains(log, "no graphical desktop") || strings.Contains(log, "\n") {
		t.Errorf("the program printed:\n%s", log)
	}
}
