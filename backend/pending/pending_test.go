package pending_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"keydesk/backend/pending"
)

// bench is an owner of numbers that notes what was dropped.
type bench struct {
	*pending.Owner[int]
	mu      sync.Mutex
	dropped []int
}

func newBench() *bench {
	b := &bench{}
	b.Owner = pending.New(func(_ context.Context, value int) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.dropped = append(b.dropped, value)
	})
	return b
}

func (b *bench) begin(t *testing.T, value int) {
	t.Helper()
	if got, err := b.Begin(t.Context(), func(context.Context) (int, error) { return value, nil }); err != nil || got != value {
		t.Fatal(got, err)
	}
}

func (b *bench) wantDropped(t *testing.T, want ...int) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Equal(b.dropped, want) {
		t.Errorf("dropped %v, want %v", b.dropped, want)
	}
}

// RULES.md, Secrets: while something is confirmed, a second confirmation, a
// beginning and a drop do nothing, so what is kept cannot be taken away.
func TestNothingRunsBesideAConfirmation(t *testing.T) {
	b := newBench()
	b.begin(t, 1)
	err := b.Confirm(1, func() (bool, error) {
		if err := b.Confirm(1, func() (bool, error) { t.Error("confirmed twice"); return false, nil }); !errors.Is(err, pending.ErrBusy) {
			t.Errorf("a second confirmation gave %v", err)
		}
		_, err := b.Begin(t.Context(), func(context.Context) (int, error) { t.Error("began beside it"); return 2, nil })
		if !errors.Is(err, pending.ErrBusy) {
			t.Errorf("a beginning gave %v", err)
		}
		b.Drop(t.Context(), 1)
		b.DropAll(t.Context())
		return false, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.wantDropped(t)
	if err := b.Confirm(1, func() (bool, error) { t.Error("used up, but confirmed"); return false, nil }); !errors.Is(err, pending.ErrGone) {
		t.Errorf("after it: %v", err)
	}
	b.begin(t, 2)
	b.wantDropped(t)
}

// A confirmation that asks for it can be repeated, and a value that waits again
// is dropped like any other.
func TestConfirmingAgain(t *testing.T) {
	b := newBench()
	b.begin(t, 1)
	wrong := errors.New("wrong")
	for range 3 {
		if err := b.Confirm(1, func() (bool, error) { return true, wrong }); !errors.Is(err, wrong) {
			t.Fatal(err)
		}
	}
	b.begin(t, 2)
	b.wantDropped(t, 1)
	if err := b.Confirm(1, func() (bool, error) { return false, nil }); !errors.Is(err, pending.ErrGone) {
		t.Errorf("the older one gave %v", err)
	}
	b.Drop(t.Context(), 1)
	b.wantDropped(t, 1)
	b.DropAll(t.Context())
	b.wantDropped(t, 1, 2)
}

// Dropping everything while a confirmation runs takes effect when it has ended.
func TestDropAllWhileConfirming(t *testing.T) {
	b := newBench()
	b.begin(t, 1)
	wrong := errors.New("wrong")
	if err := b.Confirm(1, func() (bool, error) {
		b.DropAll(t.Context())
		b.wantDropped(t)
		return true, wrong
	}); !errors.Is(err, wrong) {
		t.Fatal(err)
	}
	b.wantDropped(t, 1)
	if b.Waits(1) {
		t.Error("it still waits")
	}
	b.begin(t, 2)
	if err := b.Confirm(2, func() (bool, error) { return true, wrong }); !errors.Is(err, wrong) || !b.Waits(2) {
		t.Error("the next one does not wait again", err)
	}
}

// A confirmation that panics leaves nothing that waits, and nothing busy.
func TestAPanicEndsAConfirmation(t *testing.T) {
	b := newBench()
	b.begin(t, 1)
	func() {
		defer func() { _ = recover() }()
		_ = b.Confirm(1, func() (bool, error) { panic("use case") })
	}()
	b.begin(t, 2)
	b.wantDropped(t)
}

// Of two beginnings the newer one wins, also where the older one still waits for
// an answer: it is cancelled, and has ended before the newer one makes anything.
func TestTheNewerBeginningWins(t *testing.T) {
	b := newBench()
	b.begin(t, 1)
	started, ended := make(chan struct{}), make(chan error)
	running := true
	go func() {
		_, err := b.Begin(t.Context(), func(ctx context.Context) (int, error) {
			close(started)
			<-ctx.Done()
			running = false
			return 2, nil // made all the same
		})
		ended <- err
	}()
	<-started
	got, err := b.Begin(t.Context(), func(context.Context) (int, error) {
		if running {
			t.Error("the older one still runs")
		}
		return 3, nil
	})
	if err != nil || got != 3 {
		t.Fatal(got, err)
	}
	if err := <-ended; !errors.Is(err, pending.ErrGone) {
		t.Errorf("the older one gave %v", err)
	}
	b.wantDropped(t, 1, 2)
	if err := b.Confirm(3, func() (bool, error) { return false, nil }); err != nil {
		t.Fatal(err)
	}
}

// A beginning that fails leaves nothing that waits.
func TestAFailedBeginning(t *testing.T) {
	b := newBench()
	b.begin(t, 1)
	refused := errors.New("refused")
	if _, err := b.Begin(t.Context(), func(context.Context) (int, error) { return 0, refused }); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	b.wantDropped(t, 1)
	if err := b.Confirm(1, func() (bool, error) { return false, nil }); !errors.Is(err, pending.ErrGone) {
		t.Fatal(err)
	}
}

// Dropping everything also gives up a beginning that runs.
func TestDropAllGivesUpABeginning(t *testing.T) {
	b := newBench()
	_, err := b.Begin(t.Context(), func(ctx context.Context) (int, error) {
		b.DropAll(t.Context())
		<-ctx.Done()
		return 1, nil
	})
	if !errors.Is(err, pending.ErrGone) {
		t.Fatal(err)
	}
	b.wantDropped(t, 1)
}

// Many at once: each value that was made is confirmed once or dropped once.
func TestManyAtOnce(t *testing.T) {
	b := newBench()
	var mu sync.Mutex
	made, kept := 0, 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 300 {
				value, err := b.Begin(t.Context(), func(context.Context) (int, error) {
					mu.Lock()
					defer mu.Unlock()
					made++
					return made, nil
				})
				if err != nil {
					continue
				}
				_ = b.Confirm(value, func() (bool, error) {
					mu.Lock()
					defer mu.Unlock()
					kept++
					return false, nil
				})
			}
		})
	}
	all.Wait()
	b.DropAll(t.Context())
	slices.Sort(b.dropped)
	if len(slices.Compact(slices.Clone(b.dropped))) != len(b.dropped) {
		t.Error("something was dropped twice")
	}
	if made != kept+len(b.dropped) || kept == 0 {
		t.Errorf("%d made, %d kept, %d dropped", made, kept, len(b.dropped))
	}
}
