package host

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"keydesk/backend"
)

// bare is a backend without operations; open, if set, is its Open.
type bare struct {
	open   func(ctx context.Context) error
	closed int
}

func (b *bare) Open(ctx context.Context) error {
	if b.open == nil {
		return nil
	}
	return b.open(ctx)
}
func (b *bare) Close() error           { b.closed++; return nil }
func (*bare) Operations() *backend.Ops { return &backend.Ops{} }

// owning returns a started host of this one backend.
func owning(t *testing.T, one *bare) *Host {
	t.Helper()
	h := New(Options{Folder: t.TempDir(), Log: NewLogFile(io.Discard), Make: func() Backend { return one }})
	h.Start()
	return h
}

// running begins a call that takes this long, whatever happens to its context.
func running(t *testing.T, h *Host, long time.Duration) (done chan error) {
	t.Helper()
	ctx, leave, err := h.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done = make(chan error, 1)
	go func() {
		time.Sleep(long)
		done <- context.Cause(ctx)
		leave()
	}()
	return done
}

func TestClosingWaitsForRunningCallsAndNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := owning(t, &bare{})
		if err := h.Opened(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := running(t, h, 5*time.Second)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if h.drain(short, h.opened()) {
			t.Error("closing did not wait")
		}
		long, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if !h.drain(long, h.opened()) {
			t.Error("closing gave up too early")
		}
		if err := <-done; err != nil {
			t.Errorf("the running call was cancelled: %v", err)
		}
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A call that ends once it is cancelled does not hold up a release, and is told
// why. One that does not end keeps the backend open: if it were closed, the
// call could still write to a folder that now belongs to another program.
func TestReleaseCancelsWhatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := &bare{}
		h := owning(t, one)
		if err := h.Opened(t.Context()); err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		stuck := running(t, h, time.Minute)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := h.Release(short); !errors.Is(err, ErrBusy) {
			t.Errorf("release with a stuck call gave %v", err)
		}
		if took := time.Since(at); took != time.Second+afterCancel {
			t.Errorf("it took %v", took)
		}
		if phase, _ := h.State(); phase != Open || one.closed != 0 {
			t.Errorf("phase %s, closed %d times", phase, one.closed)
		}
		// The stuck call still counts, and new calls run: the first try did
		// not cancel them.
		ctx, leave, err := h.Enter(t.Context())
		if err != nil || ctx.Err() != nil {
			t.Fatalf("a call after that: %v", err)
		}
		context.AfterFunc(ctx, leave)
		long, cancel := context.WithTimeout(t.Context(), 58*time.Second)
		defer cancel()
		if err := h.Release(long); err != nil {
			t.Errorf("release after the stuck call: %v", err)
		}
		if cause := <-stuck; !errors.Is(cause, ErrReleased) {
			t.Errorf("the stuck call was told %v", cause)
		}
		if cause := context.Cause(ctx); !errors.Is(cause, ErrReleased) {
			t.Errorf("the other call was told %v", cause)
		}
		if phase, _ := h.State(); phase != Released || one.closed != 1 {
			t.Errorf("phase %s, closed %d times", phase, one.closed)
		}
		if err := h.Close(t.Context()); err != nil || one.closed != 1 {
			t.Errorf("closing: %v, closed %d times", err, one.closed)
		}
	})
}

// A window that is closed while the backend is still opening does not wait for
// it.
func TestClosingBreaksOffAnOpening(t *testing.T) {
	one := &bare{open: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
	h := owning(t, one)
	if phase, _ := h.State(); phase != Opening {
		t.Errorf("phase %s", phase)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil || ctx.Err() != nil || one.closed != 1 {
		t.Errorf("%v, closed %d times", err, one.closed)
	}
	if phase, _ := h.State(); phase != Closed {
		t.Errorf("phase %s", phase)
	}
	for what, err := range map[string]error{"resume": h.Resume(t.Context()), "release": h.Release(t.Context()), "opened": h.Opened(t.Context())} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s after closing gave %v", what, err)
		}
	}
}

// The context that a backend is opened with lives until it is closed, not only
// until it is open: what a backend runs by itself depends on it.
func TestABackendsContextLivesUntilItIsClosed(t *testing.T) {
	var life context.Context
	h := owning(t, &bare{open: func(ctx context.Context) error { life = ctx; return nil }}) //nolint:fatcontext // the test looks at the life the host gives
	if err := h.Opened(t.Context()); err != nil || life.Err() != nil {
		t.Fatalf("%v, %v", err, life.Err())
	}
	if err := h.Release(t.Context()); err != nil || life.Err() == nil {
		t.Errorf("%v, %v", err, life.Err())
	}
	resume, cancel := context.WithCancel(t.Context())
	if err := h.Resume(resume); err != nil {
		t.Fatal(err)
	}
	if cancel(); life.Err() != nil {
		t.Error("it ended with the context of Resume")
	}
	if err := h.Close(t.Context()); err != nil || life.Err() == nil {
		t.Errorf("%v, %v", err, life.Err())
	}
}

// An opening that nobody waits for to the end fails with a fault, and the next
// try opens the backend.
func TestAnOpeningThatIsStoppedCanBeTriedAgain(t *testing.T) {
	one := &bare{open: func(ctx context.Context) error { return errors.New("no") }}
	h := owning(t, one)
	if err := h.Opened(t.Context()); err == nil {
		t.Error("it is open")
	}
	one.open = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := h.Resume(short); !errors.Is(err, ErrStopped) {
		t.Errorf("a stopped opening gave %v", err)
	}
	if phase, failure := h.State(); phase != Failed || !errors.Is(failure, ErrStopped) {
		t.Errorf("%s, %v", phase, failure)
	}
	one.open = nil
	if err := h.Resume(t.Context()); err != nil {
		t.Errorf("the next try gave %v", err)
	}
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAPanicWhileOpeningIsAFailure(t *testing.T) {
	h := owning(t, &bare{open: func(context.Context) error { panic("boom") }})
	if err := h.Opened(t.Context()); err == nil {
		t.Error("it went unnoticed")
	}
	if phase, failure := h.State(); phase != Failed || failure.Code != "keydesk.internal" {
		t.Errorf("%s, %v", phase, failure)
	}
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
