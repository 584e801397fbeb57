package vault_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keydesk/backend/vault"
)

// oddBackend answers every call as the test says.
type oddBackend struct{ do func() ([]byte, error) }

func (o oddBackend) Get(string) ([]byte, error) { return o.do() }
func (o oddBackend) Set(string, []byte) error   { _, err := o.do(); return err }
func (o oddBackend) Remove(string) error        { _, err := o.do(); return err }

func oddKeyring(limit time.Duration, do func() ([]byte, error)) *vault.Keyring {
	return vault.NewKeyring(vault.KeyringOptions{
		Limit: limit, TypingLimit: limit, Backends: []string{"odd"},
		Open: func(string) (vault.Backend, error) { return oddBackend{do}, nil },
		Name: func(string) string { return "Odd Ring" },
	})
}

// RULES.md, Keyring; G18: after 1,000 time-outs at most four calls hang, answers
// come at once, and when one returns the keyring works again.
func TestThousandTimeOutsLeaveFourStuckCalls(t *testing.T) {
	release := make(chan struct{})
	var entered atomic.Int32
	var healed atomic.Bool
	ring := newRing()
	k := vault.NewKeyring(vault.KeyringOptions{
		Limit: 20 * time.Millisecond, TypingLimit: 20 * time.Millisecond, Backends: []string{"odd"},
		Open: func(string) (vault.Backend, error) {
			if !healed.Load() {
				entered.Add(1)
				<-release
			}
			return ring, nil
		},
		Name: func(string) string { return "Odd Ring" },
	})
	before := runtime.NumGoroutine()
	begin := time.Now()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for range 100 {
				if probe := k.Try(t.Context()); probe.Status != vault.TimeOut || probe.Message == "" || probe.Hint == "" {
					t.Errorf("%+v", probe)
				}
			}
		})
	}
	all.Wait()
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("1,000 answers took %v", took)
	}
	if n := entered.Load(); n != 4 {
		t.Errorf("%d calls reached the keyring, want the four that hang", n)
	}
	if after := runtime.NumGoroutine(); after > before+5 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
	healed.Store(true)
	close(release)
	deadline := time.Now().Add(5 * time.Second)
	for k.Try(t.Context()).Status != vault.OK {
		if time.Now().After(deadline) {
			t.Fatal("the keyring stays out of use after the hanging call returned")
		}
		time.Sleep(time.Millisecond)
	}
	if len(ring.names()) != 0 {
		t.Error("a temporary item was left:", ring.names())
	}
}

// One question that nobody answers does not keep a later try from working, nor
// do two or three (RULES.md, Keyring).
func TestALaterTryWorksWhileAnEarlierOneHangs(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	ring := newRing()
	hangs := atomic.Bool{}
	k := vault.NewKeyring(vault.KeyringOptions{
		Limit: 20 * time.Millisecond, TypingLimit: 20 * time.Millisecond, Backends: []string{"memory"},
		Open: func(string) (vault.Backend, error) {
			if hangs.Load() {
				<-never
			}
			return ring, nil
		},
		Name: func(string) string { return "Odd Ring" },
	})
	for range 3 {
		hangs.Store(true)
		if probe := k.Try(t.Context()); probe.Status != vault.TimeOut {
			t.Fatalf("%+v", probe)
		}
		hangs.Store(false)
		k.Limits(5*time.Second, 5*time.Second) // for a busy machine
		if probe := k.Try(t.Context()); probe.Status != vault.OK {
			t.Fatalf("while an earlier one hangs: %+v", probe)
		}
		k.Limits(20*time.Millisecond, 20*time.Millisecond)
	}
}

// What an abandoned call does later is seen by no one.
func TestLateAnswerIsDropped(t *testing.T) {
	release := make(chan struct{})
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	slow := vault.New(rows, vault.Options{
		InstallationID: func() string { return installation },
		Keyring: vault.NewKeyring(vault.KeyringOptions{
			Limit: 20 * time.Millisecond, TypingLimit: time.Minute,
			Open: func(string) (vault.Backend, error) { <-release; return ring, nil },
			Name: func(string) string { return "Slow Ring" },
		}),
	})
	wantFault(t, slow.Open(t.Context()), vault.ErrKeyringTimeOut)
	close(release)
	time.Sleep(20 * time.Millisecond)
	if slow.State().Open || slow.State().Reason != vault.TimeOut {
		t.Errorf("the late answer opened the vault: %+v", slow.State())
	}
	if err := slow.Unlock(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// The long wait of Unlock can be cancelled.
func TestUnlockCanBeCancelled(t *testing.T) {
	rows, ring := newRows(), newRing()
	firstRun(t, newVault(rows, ring), rows, "")
	release := make(chan struct{})
	defer close(release)
	v := vault.New(rows, vault.Options{
		InstallationID: func() string { return installation },
		Keyring: vault.NewKeyring(vault.KeyringOptions{
			Open: func(string) (vault.Backend, error) { <-release; return ring, nil },
		}),
	})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	begin := time.Now()
	wantFault(t, v.Unlock(ctx), vault.ErrKeyringTimeOut)
	if took := time.Since(begin); took > time.Second {
		t.Errorf("cancelling took %v", took)
	}
}

// Panics and errors of every kind become faults.
func TestKeyringAnswers(t *testing.T) {
	for name, row := range map[string]struct {
		do   func() ([]byte, error)
		want vault.Status
	}{
		"panic":          {func() ([]byte, error) { panic("library") }, vault.Denied},
		"runtime panic":  {func() ([]byte, error) { var m map[string]int; m["a"] = 1; return nil, nil }, vault.Denied}, //nolint:staticcheck // the panic is the test
		"unknown error":  {func() ([]byte, error) { return nil, errors.New("odd") }, vault.Unavailable},
		"wrong content":  {func() ([]byte, error) { return []byte("x"), nil }, vault.Corrupt},
		"huge content":   {func() ([]byte, error) { return make([]byte, 64<<20), nil }, vault.Corrupt},
		"nothing":        {func() ([]byte, error) { return nil, nil }, vault.Corrupt},
		"locked":         {func() ([]byte, error) { return nil, vault.ErrKeyringLocked }, vault.Locked},
		"denied":         {func() ([]byte, error) { return nil, vault.ErrKeyringDenied }, vault.Denied},
		"missing at set": {func() ([]byte, error) { return nil, vault.ErrKeyringMissing }, vault.Missing},
	} {
		probe := oddKeyring(time.Second, row.do).Try(t.Context())
		if probe.Status != row.want || probe.Message == "" || probe.Hint == "" || probe.Backend != "odd" {
			t.Errorf("%s: %+v", name, probe)
		}
	}
	probe := newRing().keyring().Try(t.Context())
	if probe.Status != vault.OK || probe.Message != "Secrets are kept in Memory Ring. Tried, works." || probe.Hint != "" {
		t.Errorf("a working one: %+v", probe)
	}
}

// A panic while reading means content that the library cannot handle.
func TestPanicWhileReading(t *testing.T) {
	rows, ring := newRows(), newRing()
	firstRun(t, newVault(rows, ring), rows, "")
	v := vault.New(rows, vault.Options{InstallationID: func() string { return installation },
		Keyring: oddKeyring(time.Second, func() ([]byte, error) { var none []int; return nil, errors.New(string(rune(none[3]))) })})
	wantFault(t, v.Open(t.Context()), vault.ErrKeyringCorrupt)
}

// A backend other than the stored one is never used in its place.
func TestBackendIsNeverChosenAgain(t *testing.T) {
	rows, ring := newRows(), newRing()
	firstRun(t, newVault(rows, ring), rows, "")
	var asked []string
	v := vault.New(rows, vault.Options{InstallationID: func() string { return installation },
		Keyring: vault.NewKeyring(vault.KeyringOptions{
			Backends: []string{"other", "memory"},
			Open: func(backend string) (vault.Backend, error) {
				asked = append(asked, backend)
				return nil, vault.ErrKeyringUnavailable
			},
			Name: func(string) string { return "?" },
		})})
	wantFault(t, v.Open(t.Context()), vault.ErrKeyringUnavailable)
	if strings.Join(asked, " ") != "memory" {
		t.Errorf("asked %v, stored was memory", asked)
	}
}
