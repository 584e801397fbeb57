package host_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"keydesk/backend"
	"keydesk/backend/call"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

const (
	adminName     = "admin"
	adminPassword = "correct-horse-battery-9"
	passphrase    = "six words that only tests know"
)

// firstRun makes the office and leaves the Org Admin signed in.
func firstRun(t *testing.T, h *host.Host) (recoveryCode string) {
	t.Helper()
	begun, err := h.Ops.Organisation.Begin(atWindow(t), organisation.BeginInput{
		Organisation: "Acme", Country: "IN", TimeZone: "Asia/Kolkata", UserName: adminName,
		Password: secret.New(adminPassword), Passphrase: secret.New(passphrase),
	})
	if err != nil {
		t.Fatal(err)
	}
	code := begun.RecoveryCode
	if _, err := h.Ops.Organisation.Confirm(atWindow(t), organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		t.Fatal(err)
	}
	return code
}

func unlock(t *testing.T, h *host.Host, recoveryCode string) {
	t.Helper()
	if _, err := h.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{RecoveryCode: secret.New(recoveryCode)}); err != nil {
		t.Fatal(err)
	}
}

func signIn(t *testing.T, h *host.Host) {
	t.Helper()
	if _, err := h.Ops.User.SignIn(atWindow(t), user.SignInInput{Name: adminName, Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
}

// inWords are the faults that a call may get while the backend is released,
// opened again, unlocked and signed in to.
var inWords = map[string]bool{
	"keydesk.released": true, "keydesk.opening": true, "keydesk.cancelled": true,
	"vault.locked": true, "access.signed_out": true,
}

// load fires, saves and reads through handlers that it took once.
type load struct {
	t       *testing.T
	ops     backend.Ops
	refused map[string]*atomic.Int64
	mu      sync.Mutex
	fired   []string // acknowledged, not looked up yet
	// allFired counts the firings, cut those whose answer was not waited for,
	// together those of Test all; saved and read count the other answered
	// calls.
	allFired, cut, together, saved, read atomic.Int64
	// version is the newest acknowledged version of the setup that is saved.
	version atomic.Int64
}

func newLoad(t *testing.T, ops backend.Ops) *load {
	l := &load{t: t, ops: ops, refused: map[string]*atomic.Int64{}}
	for code := range inWords {
		l.refused[code] = &atomic.Int64{}
	}
	return l
}

// answered reports whether a call was answered; a refusal has to be one of
// inWords.
func (l *load) answered(what string, err error) bool {
	if err == nil {
		return true
	}
	if count := l.refused[codeOf(err)]; count != nil {
		count.Add(1)
	} else {
		l.t.Errorf("%s: %v", what, err)
	}
	return false
}

func (l *load) fire(setupID string) {
	detail, err := l.ops.Call.Test(atWindow(l.t), call.TestInput{SetupID: setupID})
	if !l.answered("a firing", err) {
		return
	}
	l.allFired.Add(1)
	if detail.Reply.Answer.Failure != nil {
		l.cut.Add(1)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fired = append(l.fired, detail.Call.ID)
}

func (l *load) fireAll(string) {
	result, err := l.ops.Call.TestAll(atWindow(l.t), call.AllInput{})
	if l.answered("Test all", err) {
		l.together.Add(int64(result.Fired))
	}
}

func (l *load) save(setupID string) {
	now, err := l.ops.Setup.Get(atWindow(l.t), setup.IDInput{ID: setupID})
	if !l.answered("a read before a save", err) {
		return
	}
	saved, err := l.ops.Setup.Update(atWindow(l.t), setup.UpdateInput{ID: setupID, Version: now.Version, Draft: now.Draft})
	if l.answered("a save", err) {
		l.saved.Add(1)
		l.version.Store(int64(saved.Version))
	}
}

func (l *load) look(string) {
	_, err := l.ops.Call.List(atWindow(l.t), call.ListInput{})
	if l.answered("a list", err) {
		l.read.Add(1)
	}
}

// check compares the history with what was acknowledged since the last check.
func (l *load) check(setupID string) {
	l.mu.Lock()
	fired := l.fired
	l.fired = nil
	l.mu.Unlock()
	version := l.version.Load()
	for _, id := range fired {
		if _, err := l.ops.Call.Get(atWindow(l.t), call.IDInput{ID: id}); err != nil {
			l.t.Errorf("an acknowledged firing is not in the history: %v", err)
		}
	}
	if now, err := l.ops.Setup.Get(atWindow(l.t), setup.IDInput{ID: setupID}); err != nil || int64(now.Version) < version {
		l.t.Errorf("version %d was acknowledged, %d is there, %v", version, now.Version, err)
	}
}

// setups makes a setup for each address, each at a separate place.
func setups(t *testing.T, h *host.Host, addresses ...string) (ids []string) {
	t.Helper()
	ctx := atWindow(t)
	orders, err := h.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		place, err := h.Ops.Process.CreatePlace(ctx, process.CreatePlaceInput{ParentID: orders.ID, Name: address})
		if err != nil {
			t.Fatal(err)
		}
		saved, err := h.Ops.Setup.Create(ctx, setup.CreateInput{Draft: setup.Draft{
			PlaceID: place.ID, Channel: setup.SMS, Enabled: true, Name: address,
			Request: request.Spec{
				Method: "POST", URL: address, BodyFormat: request.JSONBody,
				Auth:   request.Auth{Type: request.Bearer, Token: request.Value{Secret: true, Typed: secret.New("tokEn-7Q2x-only-here")}},
				Params: []request.Param{{Name: "text", Value: request.Value{Plain: "Hello"}}},
			},
		}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, saved.Setups[0].ID)
	}
	return ids
}

// 50 rounds of release and resume under a load of calls: every call is answered
// or refused with a fault, none that was answered is missing from the history,
// every request that went out is in it, and no goroutine is left.
func TestReleaseAndResumeUnderLoad(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var received atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/slow" {
			select {
			case <-time.After(150 * time.Millisecond):
			case <-r.Context().Done():
			}
		}
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()

	folder := t.TempDir()
	var told phases
	h := host.New(host.Options{Folder: folder, Log: host.NewLogFile(io.Discard), Moved: told.add, Make: func() host.Backend {
		return backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap})
	}})
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	code := firstRun(t, h)
	ids := setups(t, h, server.URL+"/a", server.URL+"/b", server.URL+"/slow", server.URL+"/saved")

	l := newLoad(t, h.Ops)
	stop, wait := make(chan struct{}), sync.WaitGroup{}
	// Fewer than 1,000 calls per setup: of more, the history keeps only the
	// newest.
	again := func(pause time.Duration, do func(id string), id string) {
		wait.Go(func() {
			for range 900 {
				select {
				case <-stop:
					return
				case <-time.After(pause):
					do(id)
				}
			}
		})
	}
	again(4*time.Millisecond, l.fire, ids[0])
	again(4*time.Millisecond, l.fire, ids[1])
	again(time.Millisecond, l.fire, ids[2])
	again(20*time.Millisecond, l.fireAll, "")
	again(5*time.Millisecond, l.save, ids[3])
	again(3*time.Millisecond, l.look, "")

	want := []host.Phase{host.Opening, host.Open}
	for round := range 50 {
		time.Sleep(time.Duration(20+round%7*5) * time.Millisecond)
		// Every other round does not wait for the slow server.
		limit := 10 * time.Second
		if round%2 == 1 {
			limit = 20 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		err := h.Release(ctx)
		cancel()
		if err != nil {
			t.Fatalf("release %d: %v", round, err)
		}
		if round%10 == 0 {
			// The folder is free meanwhile.
			other, _ := owner(t, folder)
			other.Start()
			if err := other.Opened(t.Context()); err != nil {
				t.Errorf("another owner in round %d: %v", round, err)
			}
			if err := other.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if err := h.Resume(t.Context()); err != nil {
			t.Fatalf("resume %d: %v", round, err)
		}
		unlock(t, h, code)
		signIn(t, h)
		l.check(ids[3])
		want = append(want, host.Released, host.Opening, host.Open)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	close(stop)
	wait.Wait()
	l.check(ids[3])
	page, err := h.Ops.Call.List(atWindow(t), call.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	if acknowledged := l.allFired.Load() + l.together.Load(); int64(page.Count) < received.Load() || int64(page.Count) < acknowledged {
		t.Errorf("%d requests went out, %d firings were acknowledged, %d are in the history", received.Load(), acknowledged, page.Count)
	}
	told.are(t, want...)
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	// All of it has to happen, or the test proves nothing.
	counts := map[string]int64{"fired": l.allFired.Load(), "cut": l.cut.Load(), "together": l.together.Load(), "saved": l.saved.Load(), "read": l.read.Load()}
	for code, count := range l.refused {
		counts[code] = count.Load()
	}
	t.Log(counts, "in the history", page.Count)
	for _, what := range []string{"fired", "cut", "together", "saved", "read", "keydesk.released"} {
		if counts[what] == 0 {
			t.Errorf("nothing was %s: %v", what, counts)
		}
	}
}
