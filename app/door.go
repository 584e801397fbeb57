package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/host"
)

// Door is between the page and the gate. Every bound method is one line that
// uses call, so that every call gets an answer: a panic never leaves a promise
// pending, and a value that JSON cannot hold never reaches Wails, which would
// end the program.
type Door struct {
	log  *slog.Logger
	host *host.Host
	// source identifies this window. Its session and its running operations
	// belong to it.
	source access.Source

	mu  sync.Mutex
	ctx context.Context
}

func newDoor(log *slog.Logger, host *host.Host) *Door {
	return &Door{log: log, host: host, source: access.Source{Kind: access.Window, ID: rand.Text()}, ctx: context.Background()}
}

// start sets the parent context of calls.
func (d *Door) start(ctx context.Context) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ctx = ctx
}

// context returns the window's context once the window exists.
func (d *Door) context() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ctx
}

// call is the only way from a bound method to an operation. It returns what the
// operation returns. A panic, or a value that JSON cannot hold, becomes
// fault.ErrInternal and is logged without the input.
func call[In, Out any](d *Door, operation func(context.Context, In) (Out, error), in In) (Out, error) {
	return guarded(d, d.inHost, operation, in)
}

// answer is call for methods that must work while the backend is not open:
// those of Window.
func answer[In, Out any](d *Door, ctx context.Context, operation func(context.Context, In) (Out, error), in In) (Out, error) {
	return guarded(d, func(use func(context.Context) error) error { return use(ctx) }, operation, in)
}

// guarded has only what needs the types: this code is in the program once for
// every operation.
//
//go:noinline
func guarded[In, Out any](d *Door, run func(use func(context.Context) error) error, operation func(context.Context, In) (Out, error), in In) (Out, error) {
	var out Out
	err := d.safely(&out, func() error {
		return run(func(ctx context.Context) (err error) { out, err = operation(ctx, in); return err })
	})
	if err != nil {
		var none Out
		out = none
	}
	return out, err
}

// inHost runs a call in the running backend.
func (d *Door) inHost(use func(context.Context) error) error {
	ctx, leave, err := d.host.Enter(access.WithSource(d.context(), d.source))
	if err != nil {
		return err
	}
	defer leave()
	return use(ctx)
}

// safely runs a call and makes what it left in out, a pointer, fit for the page.
func (d *Door) safely(out any, run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("panic behind the door", "what", panicText(p), "stack", string(debug.Stack()))
			err = fault.ErrInternal
		}
	}()
	if err := run(); err != nil {
		return err
	}
	fillSlices(reflect.ValueOf(out).Elem())
	if _, err := json.Marshal(out); err != nil {
		d.log.Error("an answer cannot be written as JSON", "type", fmt.Sprintf("%T", out))
		return fault.ErrInternal.WithCause(err)
	}
	return nil
}

// fillSlices replaces every nil slice in an answer by an empty one, so that the
// page gets [] and never null. It writes into the answer, which is safe because
// an operation returns new values, never what it keeps.
func fillSlices(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillSlices(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fillSlices(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillSlices(v.Index(i))
		}
	}
}

// panicText describes a panic without its value, which may contain input. Only
// the runtime's own errors are given in full: they contain none.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}

// formatError returns an error as the line of JSON that the page reads. Wails
// accepts any type, but only a string reaches the promise unchanged.
func formatError(err error) any {
	f := *fault.From(err)
	if f.Fields == nil {
		f.Fields = []fault.Field{}
	}
	if f.Links == nil {
		f.Links = []fault.Link{}
	}
	if f.Missing == nil {
		f.Missing = []string{}
	}
	line, err := json.Marshal(&f)
	if err != nil {
		return `{"kind":"internal","code":"keydesk.internal","message":"Something went wrong inside Keydesk.","hint":"","fields":[],"links":[],"retry_after_ms":0,"missing":[]}`
	}
	return string(line)
}
