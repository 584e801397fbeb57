package host

import (
	"context"
	"reflect"
	"time"

	"keydesk/backend"
	"keydesk/backend/fault"
)

// afterCancel is how long cancelled calls have to record what they did.
const afterCancel = 5 * time.Second

type enteredKey struct{}

// Enter admits a call, or says why not. When err is nil the caller must call
// leave. The returned context ends with ctx, or when the backend has to close
// and the call does not end by itself. All operations of Ops that run with it
// are part of this call, and so run on the same backend.
func (h *Host) Enter(ctx context.Context) (entered context.Context, leave func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.refusal(); err != nil {
		return nil, nil, err
	}
	now := h.now
	now.calls++
	ctx, cancel := context.WithCancelCause(context.WithValue(ctx, enteredKey{}, now))
	work := now.work
	undo := context.AfterFunc(work, func() { cancel(context.Cause(work)) })
	return ctx, func() {
		undo()
		cancel(nil)
		h.leave(now)
	}, nil
}

// OpsIn returns the operations for a call: those of the backend that it has entered
// with Enter, without the way around that Ops takes for each, and Ops for a call that
// has not entered.
func (h *Host) OpsIn(ctx context.Context) *backend.Ops {
	if now, entered := ctx.Value(enteredKey{}).(*opening); entered {
		return now.backend.Operations()
	}
	return &h.Ops
}

// refusal says why calls are refused; nil while they are not. mu is held.
func (h *Host) refusal() error {
	switch h.phase {
	case Open:
		return nil
	case Failed:
		refusal := *h.failure
		refusal.Kind = fault.Unavailable
		return &refusal
	case Released:
		return ErrReleased
	case Closed:
		return ErrClosed
	default:
		return ErrOpening
	}
}

func (h *Host) leave(from *opening) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if from.calls--; from.calls == 0 && from.empty != nil {
		close(from.empty)
		from.empty = nil
	}
}

// settle ends the calls of an opening that takes no more: it waits for them
// until ctx ends, then cancels them with the reason and waits a little longer.
// It reports whether all have ended.
func (h *Host) settle(ctx context.Context, was *opening, reason *fault.Error) bool {
	if h.drain(ctx, was) {
		return true
	}
	h.mu.Lock()
	cancel := was.cancel
	h.mu.Unlock()
	cancel(reason)
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), afterCancel)
	defer stop()
	return h.drain(ctx, was)
}

// drain waits until no call of an opening runs or ctx ends, and reports whether
// no call runs.
func (h *Host) drain(ctx context.Context, was *opening) bool {
	h.mu.Lock()
	if was.calls == 0 {
		h.mu.Unlock()
		return true
	}
	// leave closes it when the last call has left. settle drains twice, each time
	// with a new channel.
	empty := make(chan struct{})
	was.empty = empty
	h.mu.Unlock()
	select {
	case <-empty:
		return true
	case <-ctx.Done():
		return false
	}
}

// forwarded returns all operations, each running on the backend that is open
// when it is called.
func forwarded(h *Host) (ops backend.Ops) {
	h.forward(reflect.ValueOf(&ops).Elem(), nil)
	return ops
}

// forward fills the functions of a struct, and of the structs in it. path is
// where it is in Ops.
func (h *Host) forward(into reflect.Value, path []int) {
	for i := range into.NumField() {
		at := append(append([]int{}, path...), i)
		if field := into.Field(i); field.Kind() == reflect.Struct {
			h.forward(field, at)
		} else {
			field.Set(reflect.MakeFunc(field.Type(), func(in []reflect.Value) []reflect.Value {
				return h.run(field.Type(), at, in)
			}))
		}
	}
}

// run runs the operation at a path of Ops. in is its context and its input.
func (h *Host) run(operation reflect.Type, path []int, in []reflect.Value) []reflect.Value {
	ctx := in[0].Interface().(context.Context)
	now, entered := ctx.Value(enteredKey{}).(*opening)
	if !entered {
		inside, leave, err := h.Enter(ctx)
		if err != nil {
			return []reflect.Value{reflect.Zero(operation.Out(0)), reflect.ValueOf(&err).Elem()}
		}
		defer leave()
		now = inside.Value(enteredKey{}).(*opening)
		in[0] = reflect.ValueOf(inside)
	}
	return reflect.ValueOf(now.backend.Operations()).Elem().FieldByIndex(path).Call(in)
}
