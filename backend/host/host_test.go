package host_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/call"
	"keydesk/backend/demo"
	"keydesk/backend/fault"
	"keydesk/backend/host"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/store"
	"keydesk/backend/user"
)

// cheap makes password hashes quick.
var cheap = user.Params{MemoryKiB: 64, Time: 1, Threads: 1}

// window is the source these tests call from, as the window's door does.
var window = access.Source{Kind: access.Window, ID: "the window of this test"}

// atWindow is the context of a call from the window.
func atWindow(t testing.TB) context.Context { return access.WithSource(t.Context(), window) }

// phases notes the phases that a host reports.
type phases struct {
	mu   sync.Mutex
	told []host.Phase
}

func (p *phases) add(phase host.Phase) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, phase)
}

func (p *phases) are(t *testing.T, want ...host.Phase) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Equal(p.told, want) {
		t.Errorf("told %v, want %v", p.told, want)
	}
}

// owner returns a host of a folder with a real backend. It is closed at the end
// of the test.
func owner(t *testing.T, folder string) (*host.Host, *phases) {
	t.Helper()
	told := &phases{}
	h := host.New(host.Options{
		Folder: folder, Version: "test", Log: host.NewLogFile(io.Discard), Moved: told.add,
		Make: func() host.Backend { return backend.New(backend.Options{Folder: folder, Version: "test", Hash: cheap}) },
	})
	t.Cleanup(func() {
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h, told
}

func codeOf(err error) string {
	var known *fault.Error
	if errors.As(err, &known) {
		return known.Code
	}
	return ""
}

// briefly is a context that ends soon.
func briefly(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 120*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

// G23: one program owns a folder. Another is refused with a fault, gets the
// folder once it was released, and then the first one waits for it.
func TestOneOwnerAtATime(t *testing.T) {
	folder := t.TempDir()
	first, _ := owner(t, folder)
	second, told := owner(t, folder)
	first.Start()
	if err := first.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	second.Start()
	if err := second.Opened(t.Context()); codeOf(err) != "keydesk.in_use" {
		t.Errorf("a second owner gave %v", err)
	}
	if err := second.Resume(briefly(t)); codeOf(err) != "keydesk.in_use" {
		t.Errorf("waiting for the folder gave %v", err)
	}
	told.are(t, host.Failed)

	if err := first.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := second.Resume(briefly(t)); err != nil {
		t.Errorf("after the release: %v", err)
	}
	if err := first.Resume(briefly(t)); codeOf(err) != "keydesk.in_use" {
		t.Errorf("the first one's resume gave %v", err)
	}
	if phase, _ := first.State(); phase != host.Released {
		t.Errorf("while it waits the first is %s", phase)
	}
	waited := make(chan error, 1)
	go func() { waited <- first.Resume(t.Context()) }()
	time.Sleep(50 * time.Millisecond)
	if err := second.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("the first one's wait gave %v", err)
	}
	told.are(t, host.Failed, host.Opening, host.Open, host.Closed)
}

// A failed opening says why, leaves the folder free, and can be tried again in
// the same process. Phases are reported in order.
func TestAFailedOpeningCanBeResumed(t *testing.T) {
	folder := t.TempDir()
	damaged := filepath.Join(folder, store.FileName)
	if err := os.WriteFile(damaged, slices.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	h, told := owner(t, folder)
	h.Start()
	if err := h.Opened(t.Context()); codeOf(err) != "store.corrupt" {
		t.Errorf("a damaged file gave %v", err)
	}
	if _, err := h.Ops.Organisation.State(atWindow(t), organisation.Nothing{}); codeOf(err) != "store.corrupt" || fault.From(err).Kind != fault.Unavailable {
		t.Errorf("a call was told %v", err)
	}
	if err := h.Resume(t.Context()); codeOf(err) != "store.corrupt" {
		t.Errorf("a second try gave %v", err)
	}
	left, _ := filepath.Glob(damaged + "*")
	for _, name := range left {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	other, _ := owner(t, folder)
	other.Start()
	if err := other.Opened(t.Context()); err != nil {
		t.Errorf("the folder is not free after a failure: %v", err)
	}
	if err := other.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := h.Resume(t.Context()); err != nil {
		t.Errorf("the third try gave %v", err)
	}
	if err := h.Resume(t.Context()); err != nil {
		t.Errorf("resuming what is open gave %v", err)
	}
	state, err := h.Ops.Organisation.State(atWindow(t), organisation.Nothing{})
	if err != nil || state.Phase != organisation.FirstRun {
		t.Errorf("%+v, %v", state, err)
	}
	if err := h.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if err := h.Release(t.Context()); err != nil {
		t.Errorf("releasing what is released gave %v", err)
	}
	if _, err := h.Ops.Organisation.State(atWindow(t), organisation.Nothing{}); codeOf(err) != "keydesk.released" || fault.From(err).Hint == "" {
		t.Errorf("a call was told %v", err)
	}
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	told.are(t, host.Opening, host.Failed, host.Opening, host.Failed, host.Opening, host.Open, host.Released, host.Closed)
}

// RULES.md, Data: only the owner can read the folder and what Keydesk puts in
// it.
func TestTheFolderIsItsOwners(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "keydesk")
	h, _ := owner(t, folder)
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"": 0o700, "log": 0o700, "keydesk.lock": 0o600, "log/keydesk.log": 0o600, store.FileName: 0o600} {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", name, info, err)
		}
	}
	blocked, _ := owner(t, filepath.Join(folder, store.FileName, "inside"))
	blocked.Start()
	if err := blocked.Opened(t.Context()); codeOf(err) != "store.unreachable" {
		t.Errorf("a folder that cannot be made gave %v", err)
	}
}

// Nothing held in memory outlives a release: the user who was signed in has to
// sign in again, and the secrets are closed.
func TestASessionEndsWithTheRelease(t *testing.T) {
	h, _ := owner(t, t.TempDir())
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	code := firstRun(t, h)
	session, err := h.Ops.User.Session(atWindow(t), user.Nothing{})
	if err != nil || !session.SignedIn {
		t.Fatalf("%+v, %v", session, err)
	}
	if err := h.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Ops.Call.List(atWindow(t), call.ListInput{}); codeOf(err) != "vault.locked" {
		t.Errorf("before unlocking: %v", err)
	}
	unlock(t, h, code)
	if _, err := h.Ops.Call.List(atWindow(t), call.ListInput{}); codeOf(err) != "access.signed_out" {
		t.Errorf("after unlocking: %v", err)
	}
	signIn(t, h)
	if _, err := h.Ops.Call.List(atWindow(t), call.ListInput{}); err != nil {
		t.Errorf("after signing in: %v", err)
	}
}

// What a call runs with the context of Enter is part of that call: it runs on
// the same backend, and a release waits for all of it.
func TestOperationsOfOneCallRunTogether(t *testing.T) {
	h, _ := owner(t, t.TempDir())
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, leave, err := h.Enter(atWindow(t))
	if err != nil {
		t.Fatal(err)
	}
	released := make(chan error, 1)
	go func() { released <- h.Release(t.Context()) }()
	for phase := host.Open; phase != host.Released; phase, _ = h.State() {
		time.Sleep(time.Millisecond)
	}
	if _, err := h.Ops.Organisation.State(ctx, organisation.Nothing{}); err != nil {
		t.Errorf("inside the call: %v", err)
	}
	if _, err := h.Ops.Organisation.State(atWindow(t), organisation.Nothing{}); codeOf(err) != "keydesk.released" {
		t.Errorf("outside the call: %v", err)
	}
	leave()
	if err := <-released; err != nil {
		t.Error(err)
	}
}

// The demo office opens again as it was, and its setups still find the server
// that answers them.
func TestTheDemoOfficeOpensAgain(t *testing.T) {
	options := backend.Options{Folder: t.TempDir(), Version: "test", Hash: cheap}
	server := &demo.Server{}
	h := host.New(host.Options{Folder: options.Folder, Log: host.NewLogFile(io.Discard), Make: func() host.Backend { return backend.NewDemo(options, window, server) }})
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	in := user.SignInInput{Name: demo.Users[0].Name, Password: secret.New(demo.Users[0].Password)}
	if _, err := h.Ops.User.SignIn(atWindow(t), in); err != nil {
		t.Fatal(err)
	}
	all, err := h.Ops.Call.TestAll(atWindow(t), call.AllInput{})
	if err != nil || all.Fired != 10 || all.Verdicts.Failed != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// What a kill left over is removed at the next opening, and nothing else: not
// what looks alike, nor what a pattern in the folder's own name would find.
func TestLeftoversAreRemoved(t *testing.T) {
	parent := t.TempDir()
	folder := filepath.Join(parent, "of[fice]*")
	put := func(folder string, names ...string) {
		t.Helper()
		for _, name := range names {
			path := filepath.Join(folder, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("x"), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	left := []string{".keydesk-123", "activity.head.new", "providers/.new-77", "keydesk.db.migrating", "keydesk.db.migrating-wal", "keydesk.db.restoring", "keydesk.db.room"}
	kept := []string{"keydesk.db.before-3", "activity.head.other", "providers/new-77.txt", "providers/taken in/.new-1", "notes.txt", ".keydesk"}
	h, _ := owner(t, folder)
	h.Start()
	if err := h.Opened(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	put(folder, left...)
	put(folder, kept...)
	put(filepath.Join(parent, "offf"), left...)
	if err := h.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range left {
		if _, err := os.Lstat(filepath.Join(folder, name)); !os.IsNotExist(err) {
			t.Errorf("%s is still there", name)
		}
		if _, err := os.Lstat(filepath.Join(parent, "offf", name)); err != nil {
			t.Errorf("%s of another folder is gone", name)
		}
	}
	for _, name := range kept {
		if _, err := os.Lstat(filepath.Join(folder, name)); err != nil {
			t.Errorf("%s is gone", name)
		}
	}
}
