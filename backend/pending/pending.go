// Package pending keeps what was begun and waits for a person to confirm it,
// such as a new data key whose recovery code is being written down. There is at
// most one at a time, and it has one owner: a confirmation, another beginning
// and a drop never run beside each other, so none of them can take away what
// another is in the middle of keeping.
//
// Use one Owner for everything of which only one may be pending.
package pending

import (
	"context"
	"errors"
	"sync"
)

// What an Owner refuses. The user of the package turns them into its own words.
var (
	// ErrBusy: a confirmation runs. Nothing was changed.
	ErrBusy = errors.New("pending: a confirmation runs")
	// ErrGone: the value does not wait any more, because it was confirmed or
	// dropped, or because something newer took its place.
	ErrGone = errors.New("pending: it does not wait any more")
)

// Owner keeps at most one value that waits. The zero value is no owner: use New.
// Safe for use by many goroutines.
type Owner[T comparable] struct {
	drop func(ctx context.Context, value T)

	mu         sync.Mutex // never held while anything else runs
	value      T
	waits      bool // value waits, or is being confirmed
	confirming bool
	dropAfter  bool       // the confirmation, if the value then waits again
	beginning  *beginning // the newest one that runs
}

type beginning struct {
	giveUp context.CancelCauseFunc
	ended  chan struct{}
}

// New makes an owner. drop undoes a value that will not be confirmed; it runs
// before another value is made.
func New[T comparable](drop func(ctx context.Context, value T)) *Owner[T] {
	return &Owner[T]{drop: drop}
}

// Begin drops what waits and makes a value that waits in its place. Of two at
// once the newer one wins: the older is cancelled, and it and what it made are
// gone before the newer one makes anything. ErrBusy, ErrGone, or what make
// returns.
func (o *Owner[T]) Begin(ctx context.Context, make func(ctx context.Context) (T, error)) (T, error) {
	making, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	mine, err := o.enter(ctx, giveUp)
	var none T
	if err != nil {
		return none, err
	}
	defer close(mine.ended)
	value, err := make(making)
	if o.leave(mine, value, err == nil) {
		return value, err
	}
	if err == nil {
		o.drop(context.WithoutCancel(ctx), value)
	}
	return none, ErrGone
}

// enter makes this beginning the newest one, waits until an older one has ended
// and drops what waited.
func (o *Owner[T]) enter(ctx context.Context, giveUp context.CancelCauseFunc) (*beginning, error) {
	mine := &beginning{giveUp: giveUp, ended: make(chan struct{})}
	o.mu.Lock()
	if o.confirming {
		o.mu.Unlock()
		return nil, ErrBusy
	}
	older := o.beginning
	o.beginning = mine
	before, waited := o.take()
	o.mu.Unlock()
	if older != nil {
		older.giveUp(ErrGone)
		<-older.ended
	}
	if waited {
		o.drop(context.WithoutCancel(ctx), before)
	}
	return mine, nil
}

// leave reports false where something newer took this beginning's place.
func (o *Owner[T]) leave(mine *beginning, value T, made bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.beginning != mine {
		return false
	}
	o.beginning = nil
	if made {
		o.value, o.waits = value, true
	}
	return true
}

// take empties the owner. It is called with mu held.
func (o *Owner[T]) take() (value T, waited bool) {
	var none T
	value, waited = o.value, o.waits
	o.value, o.waits = none, false
	return value, waited
}

// Confirm runs fn as the only one that may touch the value. If fn returns true
// the value waits again, so that the same confirmation can be repeated;
// otherwise it is used up, which fn has seen to. ErrBusy, ErrGone, or what fn
// returns.
func (o *Owner[T]) Confirm(value T, fn func() (again bool, err error)) error {
	o.mu.Lock()
	switch {
	case o.confirming:
		o.mu.Unlock()
		return ErrBusy
	case !o.waits || o.value != value:
		o.mu.Unlock()
		return ErrGone
	}
	o.confirming = true
	o.mu.Unlock()
	again := false
	defer func() { o.confirmed(again) }() // also after a panic
	var err error
	again, err = fn()
	return err
}

func (o *Owner[T]) confirmed(again bool) {
	o.mu.Lock()
	drop := again && o.dropAfter
	o.confirming, o.dropAfter = false, false
	var value T
	if !again || drop {
		value, _ = o.take()
	}
	o.mu.Unlock()
	if drop {
		o.drop(context.Background(), value)
	}
}

// Drop drops the value if it is the one that waits. While it is being confirmed
// this does nothing: the confirmation decides what becomes of it.
func (o *Owner[T]) Drop(ctx context.Context, value T) {
	o.mu.Lock()
	if o.confirming || !o.waits || o.value != value {
		o.mu.Unlock()
		return
	}
	o.take()
	o.mu.Unlock()
	o.drop(ctx, value)
}

// Waits reports whether the value waits or is being confirmed.
func (o *Owner[T]) Waits(value T) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.waits && o.value == value
}

// DropAll drops what waits and gives up a beginning that runs. A confirmation
// that runs goes on, but cannot be repeated.
func (o *Owner[T]) DropAll(ctx context.Context) {
	o.mu.Lock()
	running := o.beginning
	o.beginning = nil
	var value T
	waited := false
	if o.confirming {
		o.dropAfter = true
	} else {
		value, waited = o.take()
	}
	o.mu.Unlock()
	if running != nil {
		running.giveUp(ErrGone)
	}
	if waited {
		o.drop(ctx, value)
	}
}
