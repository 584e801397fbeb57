package vault

import (
	"context"
	"fmt"
	"sync"
	"time"

	"keydesk/backend/fault"
)

// worker runs one keyring call at a time, each in a separate goroutine that can
// be abandoned. The library cannot be cancelled (a question that nobody answers
// blocks it for ever), so there is at most one abandoned call: while it runs,
// further calls return time_out at once, and when it returns after all, the
// next call runs as usual.
type worker struct {
	slot  chan struct{} // held by the call that runs
	mu    *sync.Mutex
	stuck *bool
}

func newWorker() worker {
	return worker{slot: make(chan struct{}, 1), mu: new(sync.Mutex), stuck: new(bool)}
}

func (w *worker) isStuck() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *w.stuck
}

type outcome[T any] struct {
	value T
	err   error
}

// call runs do within limit. It returns keyring.time_out when the limit or the
// context ends first, and then nobody sees what do does later.
func call[T any](ctx context.Context, w *worker, limit time.Duration, do func() (T, error)) (T, error) {
	var none T
	if w.isStuck() {
		return none, ErrKeyringTimeOut.WithCause(fmt.Errorf("an earlier call still hangs"))
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case w.slot <- struct{}{}:
	case <-timer.C:
		return none, ErrKeyringTimeOut.WithCause(fmt.Errorf("no turn within %v", limit))
	case <-ctx.Done():
		return none, ErrKeyringTimeOut.WithCause(context.Cause(ctx))
	}

	done := make(chan outcome[T], 1)
	ended := false // guarded by w.mu
	go func() {
		result := protected(do)
		w.mu.Lock()
		ended = true
		*w.stuck = false
		w.mu.Unlock()
		<-w.slot
		done <- result
	}()

	var cause error
	select {
	case result := <-done:
		return result.value, result.err
	case <-timer.C:
		cause = fmt.Errorf("no answer within %v", limit)
	case <-ctx.Done():
		cause = context.Cause(ctx)
	}
	w.mu.Lock()
	if !ended {
		*w.stuck = true
		w.mu.Unlock()
		return none, ErrKeyringTimeOut.WithCause(cause)
	}
	w.mu.Unlock()
	result := <-done // it came in the last moment
	return result.value, result.err
}

// protected turns a panic into a fault: the library trusts what it is sent and
// panics on anything unexpected.
func protected[T any](do func() (T, error)) (result outcome[T]) {
	defer func() {
		if p := recover(); p != nil {
			result = outcome[T]{err: ErrKeyringCorrupt.WithCause(fmt.Errorf("the keyring library panicked: %w", fault.Panicked(p)))}
		}
	}()
	value, err := do()
	return outcome[T]{value, err}
}
