package vault

import (
	"context"
	"fmt"
	"sync"
	"time"

	"keydesk/backend/fault"
)

// maxAbandoned is how many calls may be left behind.
const maxAbandoned = 4

// worker runs one keyring call at a time, each in a separate goroutine with a
// connection of its own, that can be abandoned. The library cannot be cancelled
// (a question that nobody answers blocks it for ever). Abandoning a call closes
// its connection, which ends the call where the keyring is on a bus. What hangs
// all the same is left behind, and further calls run beside it; from the fourth
// that hangs on, they return time_out at once until one of them has ended.
type worker struct {
	connect func() (end func(), err error)
	slot    chan struct{} // held by the call that runs

	mu        sync.Mutex
	abandoned int
}

func newWorker(connect func() (end func(), err error)) *worker {
	return &worker{connect: connect, slot: make(chan struct{}, 1)}
}

func (w *worker) isFull() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.abandoned >= maxAbandoned
}

type outcome[T any] struct {
	value T
	err   error
}

// call runs do within limit. It returns keyring.time_out when the limit or the
// context ends first, and then nobody sees what do does later.
func call[T any](ctx context.Context, w *worker, limit time.Duration, do func() (T, error)) (T, error) {
	var none T
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case w.slot <- struct{}{}:
		defer func() { <-w.slot }()
	case <-timer.C:
		return none, ErrKeyringTimeOut.WithCause(fmt.Errorf("no turn within %v", limit))
	case <-ctx.Done():
		return none, ErrKeyringTimeOut.WithCause(context.Cause(ctx))
	}
	if w.isFull() {
		return none, ErrKeyringTimeOut.WithCause(fmt.Errorf("%d earlier calls still hang", maxAbandoned))
	}

	connected, disconnect := context.WithCancel(context.Background())
	defer disconnect()
	done := make(chan outcome[T], 1)
	ended, left := false, false // guarded by w.mu
	go func() {
		result := protected(func() (T, error) {
			end, err := w.connect()
			if err != nil {
				return none, err
			}
			context.AfterFunc(connected, end)
			return do()
		})
		w.mu.Lock()
		ended = true
		if left {
			w.abandoned--
		}
		w.mu.Unlock()
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
		left = true
		w.abandoned++
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
