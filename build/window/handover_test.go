//go:build window

package window_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"keydesk/backend/host"
	"keydesk/build/window"
)

// startKeydeskd starts the program without a window as it is built.
func startKeydeskd(t *testing.T, session *window.Session, folder string, args ...string) *window.Program {
	t.Helper()
	return window.Launch(t, &window.Display{}, session, []string{"KEYDESK_PASSPHRASE=" + passphrase}, release(t)+"d",
		append([]string{"serve", "--data", folder, "--passphrase-from-env"}, args...)...)
}

func times(t *testing.T, p *window.Program, text string, n int) {
	t.Helper()
	until(t, text+" again", 20*time.Second, func() bool {
		if !p.Running() {
			t.Fatalf("the program ended\n%s", p.Log())
		}
		return strings.Count(p.Log(), text) >= n
	})
}

// RULES.md, Two programs, with both as they are built: the window takes the data
// from keydeskd and hands it back when it is closed, also when it is killed. A
// second start shows the window. Where keydeskd did not run, or was killed, nobody
// has the data afterwards.
func TestTheProgramsHandOver(t *testing.T) {
	folder := newOffice(t)
	display, session := window.StartDisplay(t, 1280, 900), window.StartSession(t)
	opened := func() *window.Program {
		t.Helper()
		p := window.Launch(t, display, session, nil, release(t), "--data", folder)
		p.WaitFor("screen=unlock", 20*time.Second)
		return p
	}
	owns := func(want host.Program) {
		t.Helper()
		if owner, err := host.AskOwner(t.Context(), folder); err != nil || owner.Program != want {
			t.Errorf("%+v, %v; want %s", owner, err, want)
		}
	}
	free := func() {
		t.Helper()
		if owner, err := host.AskOwner(t.Context(), folder); !errors.Is(err, host.ErrNoOwner) {
			t.Errorf("%+v, %v", owner, err)
		}
	}

	daemon := startKeydeskd(t, session, folder)
	daemon.WaitFor("msg=ready", 20*time.Second)
	owns(host.Keydeskd)
	for round, end := range []func(*window.Program){
		func(p *window.Program) {
			if code := p.Stop(); code != 0 {
				t.Errorf("exit code %d\n%s", code, p.Log())
			}
		},
		(*window.Program).Kill,
	} {
		first := opened()
		owns(host.Window)
		second := window.Launch(t, display, session, nil, release(t), "--data", folder)
		if code := second.Wait(10 * time.Second); code != 0 || !strings.Contains(second.Log(), "shown=true") {
			t.Errorf("a second window: exit code %d\n%s", code, second.Log())
		}
		other := startKeydeskd(t, session, folder)
		if code := other.Wait(10 * time.Second); code != 3 || !strings.Contains(other.Log(), "Keydesk's window (process ") {
			t.Errorf("a second keydeskd: exit code %d\n%s", code, other.Log())
		}
		end(first)
		times(t, daemon, "msg=ready", round+2)
		owns(host.Keydeskd)
	}

	// Killed while the window takes the data over.
	last := window.Launch(t, display, session, nil, release(t), "--data", folder)
	times(t, daemon, "is handed over", 3)
	daemon.Kill()
	last.WaitFor("screen=unlock", 20*time.Second)
	owns(host.Window)
	if code := last.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, last.Log())
	}
	free()

	// One that waits gets the data when the window has closed.
	first := opened()
	waits := startKeydeskd(t, session, folder, "--wait")
	waits.WaitFor("waiting for the data folder", 20*time.Second)
	if code := first.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, first.Log())
	}
	waits.WaitFor("msg=ready", 20*time.Second)
	if code := waits.Stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, waits.Log())
	}
	free()
}
